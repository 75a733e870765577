// Package plan makes the plan of a run: from the description of the cluster,
// the features and a selection, every scenario that every cell must yield, with
// what it sends and what the writes reach.
//
// It reads sentences, not handlers, and opens no connection, so a plan can be
// made, shown and refused before anything is touched:
//
//	sources, err := plan.ReadFS(features.FS)
//	p, err := plan.Build(plan.Input{Enterprise: e, Sources: sources, ...})
//
// What is wrong with features is a *Problems with every problem's file and
// line; a selection that matches nothing is ErrNothingSelected; writes that
// would reach a live system are a *LiveReachError that names the path. A plan
// for which there is an error is never returned.
package plan
