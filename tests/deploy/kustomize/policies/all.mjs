// Every policy of the city: a function from a Cluster to what is wrong with it, named after what it asks.
import { networkFindings } from "../network_policies.mjs";
import * as availability from "./availability.mjs";
import * as files from "./files.mjs";
import * as podSecurity from "./pod_security.mjs";
import * as references from "./references.mjs";

export const POLICIES = { ...podSecurity, ...references, ...files, ...availability, arrowsAreExact: networkFindings };
