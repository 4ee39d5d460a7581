#pragma once

namespace cityinfo::rpc {

// gRPC and protobuf write to stderr on their own, in forms of their own. From the first call on,
// gRPC's errors become lines of our log, and protobuf says nothing: what it has to say about bytes
// that do not parse is told to whoever sent them. Also has idle channels hear soon what their
// connections say. Servers, channels and credentials call this before gRPC starts. Thread-safe.
void SetUpLibraries();

}  // namespace cityinfo::rpc
