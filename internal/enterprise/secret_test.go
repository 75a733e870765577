package enterprise

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSecretInClear shows that a secret that stands in the file is refused and
// never repeated, wherever it stands.
func TestSecretInClear(t *testing.T) {
	t.Parallel()
	const password = "Tr0ub4dor"
	for _, ends := range []string{
		"dicomweb: {url: 'https://pacs/x', authorization: " + password + "}",
		"dicomweb: {url: 'https://pacs/x', authorization: 'Basic " + password + "'}",
		"dicomweb: {url: 'https://pacs/x', authorization: 'env: '}",
		"dicomweb: {url: 'https://pacs/x', authorization: [" + password + "]}",
		"dicomweb: {url: 'https://pacs/x', authorization: {env: " + password + "}}",
		"dicomweb: {url: 'https://user:" + password + "@pacs/x'}",
		"dicomweb: {url: 'https://pacs/x?token=" + password + "'}",
		"dicomweb: {url: 'https://user:" + password + "%zz@pacs/x'}",
		"hl7: {host: a, port: 1, tls: {key: |\n            -----BEGIN PRIVATE KEY-----\n            " + password + "\n        }}",
		"hl7: {host: a, port: 1, tls: {key: " + password + ", certificate: file:x}}",
		"dicomweb: {url: 'https://pacs/x', password: " + password + "}",
	} {
		yaml := strings.Replace(small, "    endpoints:\n", "    endpoints:\n      "+ends+"\n", 1)
		_, err := Parse("f.yaml", []byte(yaml))
		if err == nil {
			t.Errorf("accepted: %s", ends)
		} else if strings.Contains(err.Error(), password) {
			t.Errorf("repeated: %v", err)
		}
	}
	for _, format := range []string{"%s", "%v", "%+v", "%#v", "%q"} {
		if s := fmt.Sprintf(format, TLS{Key: password}); strings.Contains(s, password) {
			t.Errorf("%s shows %s", format, s)
		}
		if s := fmt.Sprintf(format, &WebEndpoint{Authorization: password}); strings.Contains(s, password) {
			t.Errorf("%s shows %s", format, s)
		}
	}
	e := parseSmall(t)
	e.Systems[0].Endpoints.DICOMweb = &WebEndpoint{URL: "https://pacs/x", Authorization: password}
	if _, err := e.Marshal(); err == nil || strings.Contains(err.Error(), password) {
		t.Errorf("a secret in clear set in Go: %v", err)
	}
}

func TestResolve(t *testing.T) {
	t.Setenv("PACSUAT_TEST_SECRET", "Bearer abc")
	t.Setenv("PACSUAT_TEST_EMPTY", "")
	dir := t.TempDir()
	write := func(name, text string) Secret {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return Secret("file:" + file)
	}
	for _, test := range []struct {
		secret    Secret
		want, err string
	}{
		{"env:PACSUAT_TEST_SECRET", "Bearer abc", ""},
		{write("a", "Bearer def\r\n"), "Bearer def", ""},
		{write("b", "two\nlines\n\n"), "two\nlines", ""},
		{"env:PACSUAT_TEST_EMPTY", "", "env:PACSUAT_TEST_EMPTY is empty"},
		{"env:PACSUAT_TEST_UNSET", "", "environment variable PACSUAT_TEST_UNSET is not set"},
		{write("c", "\n"), "", "is empty"},
		{write("d", strings.Repeat("x", maxSecretBytes+1)), "", "is longer than"},
		{Secret("file:" + dir), "", "is not a file"},
		{Secret("file:" + filepath.Join(dir, "none")), "", "no such file"},
		{"hunter2", "", "not a reference"},
		{"", "", "not a reference"},
	} {
		got, err := test.secret.Resolve()
		if got != test.want || (err == nil) != (test.err == "") {
			t.Errorf("%s: %q, %v", test.secret, got, err)
		}
		if err != nil && !strings.Contains(err.Error(), test.err) && !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v, want %s", test.secret, err, test.err)
		}
	}
}

// keyPair writes a self-signed certificate and its key.
func keyPair(t *testing.T, dir string) (certificate, key Secret) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, der []byte) Secret {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return Secret("file:" + file)
	}
	return write("cert.pem", "CERTIFICATE", der), write("key.pem", "PRIVATE KEY", keyDER)
}

func TestCheckReferences(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cert, key := keyPair(t, dir)
	yaml := strings.NewReplacer(
		"host: 10.0.0.1, port: 104}", "host: 10.0.0.1, port: 104, tls: {ca: 'file:none/ca.pem'}}\n      dicomweb: {url: 'https://pacs/x', authorization: 'env:PACSUAT_TEST_NOWHERE'}",
		"port: 105}", "port: 105, tls: {ca: '"+string(cert)+"', certificate: '"+string(cert)+"', key: '"+string(key)+"'}}\n"+
			"      hl7: {host: a, port: 1, tls: {ca: '"+string(key)+"'}}",
	).Replace(small)
	e, err := Parse("f.yaml", []byte(yaml))
	if err != nil {
		t.Fatalf("a plan must parse where its secrets are not: %v", err)
	}
	err = e.CheckReferences()
	var p *Problems
	if !errors.As(err, &p) || len(p.List) != 3 {
		t.Fatalf("got %v", err)
	}
	for i, want := range []string{
		"f.yaml:19: systems[0].endpoints.store.tls.ca: unreachable reference: ",
		"f.yaml:20: systems[0].endpoints.dicomweb.authorization: unreachable reference: environment variable PACSUAT_TEST_NOWHERE is not set",
		"f.yaml:27: systems[1].endpoints.hl7.tls: certificate authorities (" + string(key) + "): no certificate in PEM form",
	} {
		if !strings.HasPrefix(p.List[i].String(), want) {
			t.Errorf("got  %s\nwant %s", p.List[i], want)
		}
	}
	if err := Example().CheckReferences(); err != nil {
		t.Errorf("the example: %v", err)
	}
}

func TestTLSConfig(t *testing.T) {
	t.Parallel()
	cert, key := keyPair(t, t.TempDir())
	if c, err := (*TLS)(nil).Config("h"); c != nil || err != nil {
		t.Errorf("no TLS: %v, %v", c, err)
	}
	c, err := (&TLS{}).Config("h")
	if err != nil || c.ServerName != "h" || c.RootCAs != nil || c.InsecureSkipVerify {
		t.Errorf("empty: %+v, %v", c, err)
	}
	c, err = (&TLS{CA: cert, Certificate: cert, Key: key, ServerName: "other"}).Config("h")
	if err != nil || c.ServerName != "other" || c.RootCAs == nil || len(c.Certificates) != 1 {
		t.Errorf("full: %+v, %v", c, err)
	}
	for _, bad := range []*TLS{{Certificate: cert}, {Key: key}, {Certificate: key, Key: cert}, {CA: "file:none"}, {Certificate: "file:none", Key: key}, {Certificate: cert, Key: "file:none"}} {
		if c, err := bad.Config("h"); err == nil {
			t.Errorf("%+v gives %+v", bad, c)
		}
	}
}
