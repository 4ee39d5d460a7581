// Who else is there where the city is deployed: stand-ins for what the manifests speak of and do not hold. The labels are
// what the usual installations of each give their pods; the Secrets are those of docs/operations.md, with invented values.

export const NAMESPACE = "cityinfo";

/** Pods of other namespaces. */
export const NEIGHBOURS = {
  "kube-dns": { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
  prometheus: { namespace: "monitoring", labels: { "app.kubernetes.io/name": "prometheus" } },
  "opentelemetry-collector": {
    namespace: "observability",
    labels: { "app.kubernetes.io/name": "opentelemetry-collector" },
  },
  "ingress-nginx": {
    namespace: "ingress-nginx",
    labels: { "app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller" },
  },
  envoy: {
    namespace: "envoy-gateway-system",
    labels: { "app.kubernetes.io/name": "envoy", "app.kubernetes.io/component": "proxy" },
  },
};

/** Whose pods serve an Ingress or a Gateway of a class. */
export const INGRESS_CLASSES = { nginx: "ingress-nginx" };
export const GATEWAY_CLASSES = { envoy: "envoy" };

/** What DNS says of hosts outside the cluster. */
export const EXTERNAL_HOSTS = {
  "primary.db.example": "192.0.2.10",
  "standby.db.example": "192.0.2.11",
};

const tlsOptions = "sslmode=verify-full&sslrootcert=/run/secrets/postgresql/ca.crt";

/** Secrets an operator makes before the manifests are applied. */
export const SECRETS = {
  "cityinfo-api-keys": { keys: `desk:editor:${"0".repeat(64)}` },
  "cityinfo-redis": { password: "a-stand-in" },
  "cityinfo-postgresql": {
    "articles-uri": `postgresql://cityinfo_articles@primary.db.example:5432/cityinfo?${tlsOptions}`,
    "articles-standby-uri": `postgresql://cityinfo_articles@standby.db.example:5432/cityinfo?${tlsOptions}`,
    "articles-password": "a-stand-in",
    "metrics-uri": `postgresql://cityinfo_metrics@primary.db.example:5432/cityinfo?${tlsOptions}`,
    "metrics-standby-uri": `postgresql://cityinfo_metrics@standby.db.example:5432/cityinfo?${tlsOptions}`,
    "metrics-password": "a-stand-in",
    "ca.crt": "a-stand-in",
  },
  "cityinfo-public-tls": { "tls.crt": "a-stand-in", "tls.key": "a-stand-in" },
};
