// Package steps is what the sentences of a feature do.
//
// The vocabulary (internal/vocab) says which sentences there are; this package
// binds a handler to each, one file a service:
//
//	study.go        synthetic studies and what they are like
//	send.go         C-STORE in all its ways
//	echo.go         C-ECHO, implementation identity
//	association.go  rules of PS3.8
//	query.go        C-FIND: asking
//	answers.go      C-FIND: judging the answers
//	listing.go      what a system lists: counted by the harness itself
//	retrieve.go     C-MOVE and C-GET
//	arrivals.go     judging what arrived at the harness
//	concurrency.go  many at once
//
// To add a sentence: describe it in internal/vocab, write a handler
//
//	func (w *World) somethingDone(ctx context.Context, a vocab.Args) error
//
// and bind it in the file's table. A test fails while either side is missing.
//
// A handler acts and writes evidence; it decides nothing. Whatever is to be
// judged is written as a check (World.check) with what was expected and what
// came; a failed check does not stop the scenario. The error that it returns
// says only that there is no way to go on, and why (*Error): a system that
// refused or fell silent, our own machine, the run's end.
//
// A scenario does not know whether its system is simulated. It talks to systems
// through Target only, which acquires from the budget, keeps the rate, and lets
// no question out that could be answered with real patients.
package steps
