// Package archtest holds the packages of this module to the import rules of its
// design. It has nothing but a test.
package archtest
