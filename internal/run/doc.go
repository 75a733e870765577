// Package run executes a plan, or a part of it, and leaves evidence in a run
// directory. It decides nothing: what the evidence means is package judge's.
//
// Scenarios of different subjects run at the same time, and those of one
// subject as its budget allows. Each is handed to godog as a feature of its
// own, so selection, example rows and names are exactly the plan's.
//
//	err := run.Run(ctx, run.Options{Plan: p, Dir: dir, ...})
//
// An error says that the run could not be carried out: the port of the inbox is
// taken, the run directory can't be written any more, a link that was declared
// suspended is not. What was recorded until then can be judged all the same, and
// what was not is inconclusive. When ctx ends, associations are aborted, open
// scenarios are closed as interrupted, and Run returns nil.
package run
