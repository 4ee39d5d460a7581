# Debian's redis-server, for the tests: clusters bring their own.
ARG BASE
FROM ${BASE}
RUN apt-get -qq update && \
    DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y -o Dpkg::Use-Pty=0 redis-server
USER 65532:65532
ENTRYPOINT ["/usr/bin/redis-server", "--bind", "0.0.0.0", "--protected-mode", "no", "--save", "", "--dir", "/"]
