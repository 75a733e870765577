// Package dimse encodes, decodes, sends and receives DIMSE messages: the
// command sets of PS3.7 sections 9 and 10, their status codes, and the SOP
// classes of PS3.4 that they are about.
//
// A message is a command set, always in implicit VR little endian, and
// perhaps a data set in the transfer syntax of its presentation context. The
// package takes command sets whole (they are bounded by [Limits]) and streams
// data sets: the bytes of an image never sit in memory because of this
// package.
//
// What a peer sends is decoded tolerantly where the meaning is clear (values
// longer than their value representation allows, a missing group length) and
// refused with a [*FormatError] where it is not. Failure statuses are
// answers, not errors.
package dimse
