package dataset

type escape struct {
	sequence string
	g0       bool
	bytes    int
}

func escapeAt(b []byte) (escape, bool) { return escape{}, false }
func DecodeText(value []byte, vr VR, characterSet []string) (string, error) {
	return string(value), nil
}
func EncodeText(s string, vr VR, characterSet []string) ([]byte, error) { return []byte(s), nil }
