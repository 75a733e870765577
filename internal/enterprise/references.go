package enterprise

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
)

// CheckReferences resolves every secret and certificate that the description
// names, on this machine and now. It is separate from Parse because a plan is
// made where the secrets need not be. The error is *Problems and lists all that
// can't be reached or used; it opens no connection and holds no secret.
func (e *Enterprise) CheckReferences() error {
	c := newProblems(e.source)
	for i := range e.Systems {
		p := fmt.Sprintf("systems[%d].endpoints", i)
		ends := &e.Systems[i].Endpoints
		for _, d := range ends.DICOM() {
			d.Endpoint.TLS.check(c, join(p, string(d.Service))+".tls")
		}
		if w := ends.DICOMweb; w != nil {
			w.TLS.check(c, p+".dicomweb.tls")
			if w.Authorization != "" {
				if _, err := w.Authorization.Resolve(); err != nil {
					c.add(p+".dicomweb.authorization", unreachable(err))
				}
			}
		}
		if h := ends.HL7; h != nil {
			h.TLS.check(c, p+".hl7.tls")
		}
	}
	return c.err()
}

func unreachable(err error) Problem {
	return Problem{What: "unreachable reference: " + err.Error(), Do: "set the variable or put the file there, on the machine that runs the harness"}
}

func (t *TLS) check(c *problems, path string) {
	if t == nil {
		return
	}
	reached := true
	for _, ref := range []struct {
		key string
		ref Secret
	}{{"ca", t.CA}, {"certificate", t.Certificate}, {"key", t.Key}} {
		if ref.ref == "" {
			continue
		}
		if _, err := ref.ref.Resolve(); err != nil {
			c.add(path+"."+ref.key, unreachable(err))
			reached = false
		}
	}
	if !reached {
		return
	}
	if _, err := t.Config(""); err != nil {
		c.add(path, Problem{What: err.Error(), Expected: "certificates and key in PEM form"})
	}
}

// Config returns the TLS configuration of a client that connects to the host, a
// new one each time: TLS 1.2 or later (the profiles of PS3.15 Annex B that are
// not retired), and the system's certificate always checked. A nil TLS returns
// nil: no TLS.
func (t *TLS) Config(host string) (*tls.Config, error) {
	if t == nil {
		return nil, nil
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName}
	if config.ServerName == "" {
		config.ServerName = host
	}
	if t.CA != "" {
		pem, err := t.CA.Resolve()
		if err != nil {
			return nil, fmt.Errorf("certificate authorities (%s): %w", t.CA, err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM([]byte(pem)) {
			return nil, fmt.Errorf("certificate authorities (%s): no certificate in PEM form", t.CA)
		}
	}
	if t.Certificate == "" && t.Key == "" {
		return config, nil
	}
	if t.Certificate == "" || t.Key == "" {
		return nil, errors.New("one of certificate and key without the other")
	}
	certificate, err := t.Certificate.Resolve()
	if err != nil {
		return nil, fmt.Errorf("certificate (%s): %w", t.Certificate, err)
	}
	key, err := t.Key.Resolve()
	if err != nil {
		return nil, fmt.Errorf("key (%s): %w", t.Key, err)
	}
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		return nil, fmt.Errorf("certificate (%s) and key (%s): %w", t.Certificate, t.Key, err)
	}
	config.Certificates = []tls.Certificate{pair}
	return config, nil
}
