// Package judge turns run directories into a verdict and a gate.
//
// It is pure: it reads what runs left, opens no connection, writes nothing, and
// gives the same verdict for the same directories and criteria whenever and
// wherever it is asked. It takes nobody's word for a pass: every comparison is
// made again from the recorded check, and whatever is missing (a record, a
// step, an answer, an execution, samples) makes a scenario inconclusive. No
// evidence is never a pass.
package judge
