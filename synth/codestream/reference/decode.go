package reference

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Decode lets the program decode one frame, or one stream of video, into native
// samples: little endian, one byte for a sample of at most 8 bits, else two,
// colour by pixel. samplesPerPixel is 1 or 3.
//
// For ffmpeg they are the planes Y, Cb and Cr of each frame, 4:2:0, and
// samplesPerPixel is ignored.
//
// The programs are opj_decompress, ojph_expand, grk_decompress and ffmpeg. They
// run in a directory of their own, which is removed; a context that ends kills
// them. What they say is part of the error.
func Decode(ctx context.Context, program string, code []byte, samplesPerPixel int) ([]byte, error) {
	dir, err := os.MkdirTemp("", "codestream")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	picture := filepath.Join(dir, "decoded.pgm")
	if samplesPerPixel == 3 {
		picture = filepath.Join(dir, "decoded.ppm")
	}
	in, out := filepath.Join(dir, "encoded.j2k"), picture
	var args []string
	switch program {
	case "opj_decompress":
		args = []string{"-quiet", "-i", in, "-o", out}
	case "ojph_expand":
		in = filepath.Join(dir, "encoded.j2c")
		args = []string{"-i", in, "-o", out}
	case "grk_decompress":
		args = []string{"-H", "1", "-i", in, "-o", out}
	case "ffmpeg":
		in, out = filepath.Join(dir, "encoded"), filepath.Join(dir, "decoded.yuv")
		args = []string{"-hide_banner", "-loglevel", "error", "-xerror", "-err_detect", "explode", "-threads", "1",
			"-flags", "+bitexact", "-idct", "simple", "-i", in, "-map", "0:v:0", "-vsync", "passthrough", "-pix_fmt", "yuv420p", "-f", "rawvideo", out}
	default:
		return nil, fmt.Errorf("reference: there is no decoder %q, but opj_decompress, ojph_expand, grk_decompress and ffmpeg", program)
	}
	if err := os.WriteFile(in, code, 0o600); err != nil {
		return nil, err
	}
	if err := run(ctx, program, args...); err != nil {
		return nil, err
	}
	decoded, err := os.ReadFile(out)
	if err != nil {
		return nil, fmt.Errorf("reference: %s wrote nothing: %w", program, err)
	}
	if program == "ffmpeg" {
		return decoded, nil
	}
	p, err := ParsePicture(decoded)
	if err != nil {
		return nil, fmt.Errorf("reference: what %s wrote: %w", program, err)
	}
	return p.Samples, nil
}

// run runs a program that ends with 0 when all is well. Those of JPEG 2000 say
// what was wrong but do not always end so, hence the words.
func run(ctx context.Context, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, program, args...)
	said, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("reference: %w", err)
	}
	text := strings.TrimSpace(string(said))
	complains := slices.ContainsFunc([]string{"[error]", "[ERROR]", "ojph error"}, func(w string) bool { return strings.Contains(text, w) })
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("reference: %s: %w\n%s", program, err, text)
	case complains:
		return fmt.Errorf("reference: %s: %s", program, text)
	}
	return nil
}
