package enterprise

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Secret is a reference to a secret, never the secret itself: "env:NAME" for an
// environment variable, "file:PATH" for a file (a relative path begins at the
// working directory). The reference may be written anywhere.
type Secret string

// maxSecretBytes bounds what a secret may hold; chains of certificates fit.
const maxSecretBytes = 1 << 20

// parts splits a reference; ok is false if it is none.
func (s Secret) parts() (scheme, name string, ok bool) {
	scheme, name, found := strings.Cut(string(s), ":")
	return scheme, name, found && (scheme == "env" || scheme == "file") && strings.TrimSpace(name) != ""
}

// String returns the reference. Something that is no reference may be a secret
// written in clear, so it is not shown.
func (s Secret) String() string {
	if _, _, ok := s.parts(); !ok && s != "" {
		return "(not a reference)"
	}
	return string(s)
}

// GoString is String, so that %#v keeps the same promise.
func (s Secret) GoString() string { return s.String() }

// Resolve returns the secret: the variable's value, or the file's content
// without the line ends at its end. An empty secret is an error, and no error
// holds any part of a secret.
func (s Secret) Resolve() (string, error) {
	scheme, name, ok := s.parts()
	if !ok {
		return "", errors.New("not a reference to a secret; expected env:NAME or file:PATH")
	}
	value := ""
	if scheme == "env" {
		value, ok = os.LookupEnv(name)
		if !ok {
			return "", fmt.Errorf("environment variable %s is not set", name)
		}
	} else {
		b, err := readSecretFile(name)
		if err != nil {
			return "", err
		}
		value = strings.TrimRight(string(b), "\r\n")
	}
	if value == "" {
		return "", fmt.Errorf("%s is empty", s)
	}
	return value, nil
}

func readSecretFile(path string) ([]byte, error) {
	info, err := os.Stat(path) // before opening: a pipe would block
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxSecretBytes+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxSecretBytes {
		return nil, fmt.Errorf("%s is longer than %d bytes", path, maxSecretBytes)
	}
	return b, nil
}
