package codestream

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// stated is what ffprobe must say of the streams. Levels are as ffprobe counts
// them: 8 is Main and 4 is High of MPEG-2, 41 is 4.1 of H.264, 153 is 5.1 of HEVC.
var stated = map[string]struct {
	format, codec, profile string
	level                  int
	display                string // aspect ratio
}{
	"100": {"mpegvideo", "mpeg2video", "Main", 8, "11:9"},
	"101": {"mpegvideo", "mpeg2video", "Main", 4, "16:9"},
	"102": {"mov,mp4,m4a,3gp,3g2,mj2", "h264", "High", 41, "11:9"},
	"103": {"mpegts", "h264", "High", 41, "16:9"},
	"107": {"mov,mp4,m4a,3gp,3g2,mj2", "hevc", "Main", 153, "11:9"},
}

// permitted are the combinations of matrix and rate: PS3.5 table 8-1 with its note
// 2 on half definition, 8.2.6 with table 8-3, table 8-4. For .102 and .107 the
// level only is a limit.
var permitted = map[string][]string{
	"100": {"720x576@25", "352x288@25", "720x480@30", "352x240@30"},
	"101": {"1920x1080@25", "1920x1080@30", "1280x720@25", "1280x720@30", "1280x720@50", "1280x720@60"},
	"103": {"1920x1080@24", "1280x720@24", "1280x720@50"},
}

func TestVideo(t *testing.T) {
	t.Parallel()
	for _, s := range videos(t) {
		syntax := last(s.TransferSyntax)
		t.Run(syntax, func(t *testing.T) {
			t.Parallel()
			requirePeer(t, "ffprobe")
			want, known := stated[syntax]
			if !known {
				t.Fatal("nothing is stated of this syntax")
			}
			got := probe(t, s.Frames[0].Code)
			if n := len(got.Streams); n != 1 {
				t.Fatalf("%d streams, there is one, of video", n)
			}
			v := got.Streams[0]
			for _, e := range []struct {
				what      string
				got, want any
			}{
				{"container", got.Format.Name, want.format},
				{"codec", v.Codec, want.codec},
				{"profile", v.Profile, want.profile},
				{"level", v.Level, want.level},
				{"pixel format", v.PixelFormat, "yuv420p"},
				{"range", v.ColourRange, "tv"},
				{"colour", v.ColourSpace, "bt470bg"}, // the matrix of ITU-R BT.601
				{"scan", v.FieldOrder, "progressive"},
				{"pixel aspect ratio", v.PixelAspect, "1:1"},
				{"display aspect ratio", v.DisplayAspect, want.display},
				{"columns", v.Width, s.Columns},
				{"rows", v.Height, s.Rows},
				{"rate", v.Rate, fmt.Sprintf("%d/1", s.CineRate)},
				{"average rate", v.AverageRate, fmt.Sprintf("%d/1", s.CineRate)},
				{"frames", v.Frames, fmt.Sprint(s.FramesInStream)},
			} {
				if e.got != e.want {
					t.Errorf("%s is %v, %v was expected", e.what, e.got, e.want)
				}
			}
			form := fmt.Sprintf("%dx%d@%d", s.Columns, s.Rows, s.CineRate)
			if list := permitted[syntax]; list != nil && !slices.Contains(list, form) {
				t.Errorf("%s is not permitted, but %v", form, list)
			}
			if s.PhotometricInterpretation != "YBR_PARTIAL_420" || s.SamplesPerPixel != 3 || s.BitsAllocated != 8 || s.BitsStored != 8 {
				t.Errorf("%s, %d samples of %d in %d bits: PS3.5 8.2.5 says YBR_PARTIAL_420, 3 samples of 8 bits", s.PhotometricInterpretation, s.SamplesPerPixel, s.BitsStored, s.BitsAllocated)
			}
			if syntax == "100" || syntax == "101" {
				elementary(t, s)
			}
		})
	}
}

// elementary looks at what ffprobe does not say of MPEG-2: the aspect ratio code
// (1 is of square pixels, 3 of 16:9, see PS3.5 8.2.6) and the end code. See
// ISO/IEC 13818-2 6.2.2.1.
func elementary(t *testing.T, s *Set) {
	code := s.Frames[0].Code
	if string(code[:4]) != "\x00\x00\x01\xB3" || string(code[len(code)-4:]) != "\x00\x00\x01\xB7" {
		t.Errorf("%s is from % x to % x, it must be from sequence header to sequence end", s.Frames[0].File, code[:4], code[len(code)-4:])
	}
	want := byte(1)
	if s.Columns == 1280 {
		want = 3
	}
	if got := code[7] >> 4; got != want {
		t.Errorf("the aspect ratio code is %d, not %d", got, want)
	}
}

type probed struct {
	Format struct {
		Name string `json:"format_name"`
	} `json:"format"`
	Streams []struct {
		Codec         string `json:"codec_name"`
		Profile       string `json:"profile"`
		Level         int    `json:"level"`
		Width         int    `json:"width"`
		Height        int    `json:"height"`
		PixelFormat   string `json:"pix_fmt"`
		ColourRange   string `json:"color_range"`
		ColourSpace   string `json:"color_space"`
		FieldOrder    string `json:"field_order"`
		PixelAspect   string `json:"sample_aspect_ratio"`
		DisplayAspect string `json:"display_aspect_ratio"`
		Rate          string `json:"r_frame_rate"`
		AverageRate   string `json:"avg_frame_rate"`
		Frames        string `json:"nb_read_frames"`
	} `json:"streams"`
}

func probe(t *testing.T, code []byte) (p probed) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "video")
	if err := os.WriteFile(file, code, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams", "-count_frames", file).Output()
	if err != nil {
		t.Fatalf("ffprobe: %v", err)
	}
	if err := json.Unmarshal(out, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestVideoDecodes decodes every stream to its hash; streams of the same painted
// clip must look alike, though other encoders made them.
func TestVideoDecodes(t *testing.T) {
	t.Parallel()
	requirePeer(t, "ffmpeg")
	type decoded struct {
		set    *Set
		frames []byte
	}
	first := map[Sum]decoded{} // by clip
	for _, s := range videos(t) {
		f := s.Frames[0]
		frames := mustDecode(t, "ffmpeg", f.Code, s.SamplesPerPixel)
		if want := s.Columns * s.Rows * 3 / 2 * s.FramesInStream; len(frames) != want {
			t.Errorf("%s decodes to %d bytes, %d frames have %d", f.File, len(frames), s.FramesInStream, want)
			continue
		}
		if got := Sum(sha256.Sum256(frames)); got != f.SHA256 {
			t.Errorf("%s decodes to samples of the hash %s, %s is known", f.File, got, f.SHA256)
		}
		other, ok := first[f.Painted]
		if !ok {
			first[f.Painted] = decoded{s, frames}
			// Its frames are not alike, or the comparison below says little.
			size := len(frames) / s.FramesInStream
			if d := meanDifference(frames[:size], frames[len(frames)-size:]); d < 2 {
				t.Errorf("%s: first and last frame differ by %.1f grey values on average, it should be a clip", f.File, d)
			}
			continue
		}
		if d := meanDifference(frames, other.frames); d > 8 {
			t.Errorf("%s and %s are of the same clip and differ by %.1f grey values on average", f.File, other.set.Frames[0].File, d)
		}
	}
	if len(first) >= len(videos(t)) {
		t.Error("no two streams are of the same clip, so that none was compared with another")
	}
}

// meanDifference is 255 where lengths differ.
func meanDifference(a, b []byte) float64 {
	if len(a) != len(b) || len(a) == 0 {
		return 255
	}
	sum := 0
	for i := range a {
		sum += max(int(a[i])-int(b[i]), int(b[i])-int(a[i]))
	}
	return float64(sum) / float64(len(a))
}
