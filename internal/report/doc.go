// Package report renders what judge produced, and only that: it decides
// nothing, reads no evidence and opens no connection.
package report
