#pragma once

namespace cityinfo::rpc {

// gRPC and protobuf write to stderr on their own, in forms of their own. From the first call on,
// gRPC's errors become lines of our log, and protobuf says nothing: what it has to say about bytes
// that do not parse is told to whoever sent them. Servers and channels call this when made.
// Thread-safe.
void RouteLibraryLogs();

}  // namespace cityinfo::rpc
