#pragma once

namespace cityinfo::bench {

// The formulas of queueing theory that the plan is made with and the simulator is checked against.
// `load` is arrivals per second times mean service time (in Erlang); it must be below `servers`.

// Erlang's C: the share of arrivals that have to wait in M/M/c.
double ErlangC(int servers, double load);

// Mean wait in the queue in seconds, of M/G/c by Allen and Cunneen's approximation; exact for
// M/M/c (squared_variation 1) and M/G/1.
double MeanWait(int servers, double load, double service_seconds, double squared_variation);

// The wait that all but a share `beyond` of arrivals stay below, taking the waits of those who
// wait at all as exponential (exact for M/M/c).
double WaitQuantile(int servers, double load, double service_seconds, double squared_variation,
                    double beyond);

}  // namespace cityinfo::bench
