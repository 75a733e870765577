package synth

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// enhancedHeader makes the header of one instance of one series.
func enhancedHeader(t *testing.T, part string, s Series) *dataset.Set {
	t.Helper()
	study := mustStudy(t, StudyRequest{
		Recipe: Recipe{Name: "one series", BodyPart: part, Images: Count{Mean: 1}, Series: []Series{s}},
		Images: 1, AsOf: testDate, Identity: testIdentity,
	})
	set, err := study.headerOf(0, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// groupValue finds the values of an attribute of a functional group that frame k has or
// shares, both by keyword.
func groupValue(t *testing.T, set *dataset.Set, k int, group, keyword string) (text []string, number float64) {
	t.Helper()
	tags := make([]dataset.Tag, 2)
	for i, word := range []string{group, keyword} {
		tag, err := dataset.ParseTag(word)
		if err != nil {
			t.Fatal(err)
		}
		tags[i] = tag
	}
	p := &groupProof{shared: set.Items(sharedFunctionalGroupsSequence)[0], frames: set.Items(perFrameFunctionalGroupsSequence)}
	item := p.of(k, tags[0])
	if !item.Has(tags[1]) {
		t.Errorf("%s has no %s", group, keyword)
	}
	number, _ = item.Float(tags[1])
	return item.Strings(tags[1]), number
}

// TestEnhancedCT proves that what the groups of CT say of one acquisition fits
// together, PS3.3 C.8.15.3.
func TestEnhancedCT(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]Series{
		"unsigned":         {Object: "Enhanced CT", Frames: Range{30, 30}, StoredBits: 12, SpacingMM: 5},
		"signed":           {Object: "Enhanced CT", Frames: Range{30, 30}, StoredBits: 16, Signed: true, SpacingMM: 0.6},
		"a higher current": {Object: "Enhanced CT", Frames: Range{30, 30}, Attributes: map[string]string{"XRayTubeCurrent": "333"}},
		"head":             {Object: "Enhanced CT", Phantom: "head CT", Frames: Range{30, 30}},
	} {
		part, up := "CHEST", -1.0 // from head to feet
		if name == "head" {
			part, up = "HEAD", 1 // its phantom begins at the base of the skull
		}
		set := enhancedHeader(t, part, s)
		value := func(group, keyword string) float64 { _, f := groupValue(t, set, 0, group, keyword); return f }
		same := func(what string, a, b float64) {
			if math.Abs(a-b) > 1e-9 {
				t.Errorf("%s: %s: %g is not %g", name, what, a, b)
			}
		}
		feed, speed := value("CTTableDynamicsSequence", "TableFeedPerRotation"), value("CTTableDynamicsSequence", "TableSpeed")
		turn := value("CTAcquisitionDetailsSequence", "RevolutionTime")
		pitch := value("CTTableDynamicsSequence", "SpiralPitchFactor")
		same("pitch", pitch, feed/value("CTAcquisitionDetailsSequence", "TotalCollimationWidth"))
		same("table speed", speed, feed/turn)
		same("exposure time", value("CTExposureSequence", "ExposureTimeInms"), turn/pitch*1000)
		same("exposure", value("CTExposureSequence", "ExposureInmAs"), value("CTExposureSequence", "XRayTubeCurrentInmA")*turn/pitch)
		same("single collimation", math.Mod(value("CTAcquisitionDetailsSequence", "TotalCollimationWidth")/value("CTAcquisitionDetailsSequence", "SingleCollimationWidth")+1e-9, 1), 1e-9)
		intercept := value("PixelValueTransformationSequence", "RescaleIntercept")
		if want := map[bool]float64{true: 0, false: -1024}[s.Signed]; intercept != want {
			t.Errorf("%s: intercept %g, want %g", name, intercept, want)
		}
		// The window is in Hounsfield units: soft tissue lies in it, air does not.
		centre, width := value("FrameVOILUTSequence", "WindowCenter"), value("FrameVOILUTSequence", "WindowWidth")
		if centre-width/2 > 40 || centre+width/2 < 60 || centre-width/2 < -900 {
			t.Errorf("%s: window of %g and %g", name, centre, width)
		}
		p := &groupProof{shared: set.Items(sharedFunctionalGroupsSequence)[0], frames: set.Items(perFrameFunctionalGroupsSequence)}
		began := 0.0
		for k := range p.frames {
			z := decimalsOf(p.of(k, dataset.PlanePositionSequence), dataset.ImagePositionPatient)[2]
			for _, keyword := range []string{"DataCollectionCenterPatient", "ReconstructionTargetCenterPatient"} {
				e, _ := p.of(k, 0x00189326).Get(map[string]dataset.Tag{"DataCollectionCenterPatient": 0x00189313, "ReconstructionTargetCenterPatient": 0x00189318}[keyword])
				one := dataset.New()
				one.PutBytes(0x00189327, dataset.VRFD, e.Value[16:])
				if got, _ := one.Float(0x00189327); len(e.Value) != 24 || got != z {
					t.Errorf("%s: frame %d at %g has its %s at %g", name, k+1, z, keyword, got)
				}
			}
			table, _ := p.of(k, 0x00189326).Float(0x00189327)
			if k == 0 {
				began = z - table
			}
			same("table position", z-table, began)
			if k == 29 && (z-began)*up < 10 {
				t.Errorf("%s: the last slice lies at %g, the first at %g", name, z, began)
			}
		}
	}
}

// TestEnhancedMR proves that what the groups of MR say of one sequence fits
// together, PS3.3 C.8.13.
func TestEnhancedMR(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		s    Series
		want map[string]string // by group and keyword; "-": absent
	}{
		"spin echo": {
			Series{Views: []string{"T1"}},
			map[string]string{
				"EchoPulseSequence": "SPIN", "AcquisitionContrast": "T1", "MultipleSpinEcho": "NO", "CoverageOfKSpace": "-", "SteadyStatePulseSequence": "NONE",
				"MRTimingAndRelatedParametersSequence RFEchoTrainLength": "1", "MRTimingAndRelatedParametersSequence GradientEchoTrainLength": "0",
				"MRModifierSequence Spoiling": "-", "MRModifierSequence InversionTimes": "-", "MREchoSequence EffectiveEchoTime": "12",
				"MRImagingModifierSequence TransmitterFrequency": "63.865", "MRModifierSequence ParallelReductionFactorOutOfPlane": "1",
			},
		},
		"turbo spin echo of 3 T": {
			Series{Views: []string{"T2"}, Attributes: map[string]string{"MagneticFieldStrength": "3", "EchoTime": "101.5"}},
			map[string]string{
				"MultipleSpinEcho": "YES", "MagneticFieldStrength": "3", "EchoTime": "-", "MREchoSequence EffectiveEchoTime": "101.5",
				"MRTimingAndRelatedParametersSequence RFEchoTrainLength": "15", "MRImagingModifierSequence TransmitterFrequency": "127.731",
			},
		},
		"inversion": {
			Series{Views: []string{"FLAIR"}},
			map[string]string{"MRModifierSequence InversionRecovery": "YES", "MRModifierSequence InversionTimes": "2500", "InversionTime": "-"},
		},
		"gradient echo in 3D": {
			Series{Views: []string{"T1"}, Frames: Range{61, 61}, Attributes: map[string]string{"MRAcquisitionType": "3D", "EchoPulseSequence": "GRADIENT", "RepetitionTime": "8.2"}},
			map[string]string{
				"MRAcquisitionType": "3D", "CoverageOfKSpace": "FULL", "MultipleSpinEcho": "-", "SteadyStatePulseSequence": "LONGITUDINAL",
				"MRTimingAndRelatedParametersSequence RFEchoTrainLength": "0", "MRTimingAndRelatedParametersSequence GradientEchoTrainLength": "1",
				"MRTimingAndRelatedParametersSequence RepetitionTime": "8.2", "RepetitionTime": "-", "MRModifierSequence Spoiling": "RF_AND_GRADIENT",
				"MRFOVGeometrySequence MRAcquisitionPhaseEncodingStepsOutOfPlane": "31", "MRModifierSequence ParallelReductionFactorOutOfPlane": "2",
			},
		},
		"diffusion": {
			Series{Views: []string{"DWI"}},
			map[string]string{
				"EchoPlanarPulseSequence": "YES", "AcquisitionContrast": "DIFFUSION", "SegmentedKSpaceTraversal": "FULL",
				"MRDiffusionSequence DiffusionBValue": "0", "MRDiffusionSequence DiffusionDirectionality": "NONE", "TemporalPositionSequence TemporalPositionTimeOffset": "-",
				"MRTimingAndRelatedParametersSequence RFEchoTrainLength": "1", "MRTimingAndRelatedParametersSequence GradientEchoTrainLength": "128",
			},
		},
		"an own contrast": {
			Series{Views: []string{"T1"}, Attributes: map[string]string{"AcquisitionContrast": "TOF", "ReceiveCoilName": "KNEE 8"}},
			map[string]string{"AcquisitionContrast": "TOF", "MRImageFrameTypeSequence AcquisitionContrast": "TOF", "MRReceiveCoilSequence ReceiveCoilName": "KNEE 8", "ReceiveCoilName": "-"},
		},
	} {
		c.s.Object, c.s.Phantom = "Enhanced MR", "brain MR"
		if c.s.Frames == (Range{}) {
			c.s.Frames = Range{20, 20}
		}
		set := enhancedHeader(t, "BRAIN", c.s)
		for place, want := range c.want {
			if got := valueAt(t, set, 0, place); got != want {
				t.Errorf("%s: %s is %s, want %s", name, place, got, want)
			}
		}
	}
}

// valueAt is an attribute of the data set, or of a group of frame k: "-" where it
// is absent.
func valueAt(t *testing.T, set *dataset.Set, k int, place string) string {
	t.Helper()
	group, keyword, nested := strings.Cut(place, " ")
	item := set
	if nested {
		tag, err := dataset.ParseTag(group)
		if err != nil {
			t.Fatal(err)
		}
		p := &groupProof{shared: set.Items(sharedFunctionalGroupsSequence)[0], frames: set.Items(perFrameFunctionalGroupsSequence)}
		item = p.of(k, tag)
	} else {
		keyword = group
	}
	tag, err := dataset.ParseTag(keyword)
	if err != nil {
		t.Fatal(err)
	}
	if !item.Has(tag) {
		return "-"
	}
	if text := item.Strings(tag); text != nil {
		return strings.Join(text, `\`)
	}
	f, _ := item.Float(tag)
	return decimalOf(int(math.Round(f * 1000)))
}

// TestDiffusion proves that each volume of a diffusion series has its b-value.
func TestDiffusion(t *testing.T) {
	t.Parallel()
	set := enhancedHeader(t, "BRAIN", Series{Object: "Enhanced MR", Phantom: "brain MR", Views: []string{"DWI"}, Frames: Range{56, 56}})
	for k := range 56 {
		want := [][]string{{"0", "NONE"}, {"1000", "ISOTROPIC"}}[k/28]
		got := []string{valueAt(t, set, k, "MRDiffusionSequence DiffusionBValue"), valueAt(t, set, k, "MRDiffusionSequence DiffusionDirectionality")}
		if !slices.Equal(got, want) {
			t.Errorf("frame %d: %v, want %v", k+1, got, want)
		}
	}
}

// TestContrast proves that the agent stands in its module and not where classic
// objects have it, and that a dynamic series begins without it.
func TestContrast(t *testing.T) {
	t.Parallel()
	agent := map[string]string{"ContrastBolusAgent": "SYNTHETIC CONTRAST", "ContrastBolusAgentPhase": "PORTAL_VENOUS"}
	set := enhancedHeader(t, "CHEST", Series{Object: "Enhanced CT", Frames: Range{4, 4}, Attributes: agent})
	module := set.Items(0x00180012)
	if len(module) != 1 || module[0].String(dataset.CodeMeaning) != "SYNTHETIC CONTRAST" || set.Has(dataset.ContrastBolusAgent) {
		t.Errorf("the agent is %v, the classic one there: %v", module, set.Has(dataset.ContrastBolusAgent))
	}
	if got := valueAt(t, set, 0, "ContrastBolusUsageSequence ContrastBolusAgentPhase"); got != "PORTAL_VENOUS" {
		t.Errorf("phase %q", got)
	}
	set = enhancedHeader(t, "BRAIN", Series{Object: "Enhanced MR", Frames: Range{100, 100}, Attributes: map[string]string{
		"AcquisitionContrast": "PERFUSION", "NumberOfTemporalPositions": "10", "ContrastBolusAgent": "SYNTHETIC CONTRAST"}})
	for k := range 100 {
		want := "YES"
		if k < 20 {
			want = "NO"
		}
		if got := valueAt(t, set, k, "ContrastBolusUsageSequence ContrastBolusAgentAdministered"); got != want {
			t.Errorf("frame %d: administered %s, want %s", k+1, got, want)
		}
	}
	if set := enhancedHeader(t, "CHEST", Series{Object: "Enhanced CT", Frames: Range{4, 4}}); set.Has(0x00180012) {
		t.Error("an agent that nobody named")
	}
}

// TestEnhancedAttributes proves where a recipe's attributes go: into the group
// that has them, else into the data set; and that a number must be one.
func TestEnhancedAttributes(t *testing.T) {
	t.Parallel()
	set := enhancedHeader(t, "CHEST", Series{Object: "Enhanced CT", Frames: Range{2, 2}, Attributes: map[string]string{
		"ConvolutionKernel": "B80F", "KVP": "100", "WindowCenter": "400", "ImageType": `ORIGINAL\PRIMARY\PARALLEL\NONE`, "ImageComments": "A COMMENT",
	}})
	for place, want := range map[string]string{
		"CTReconstructionSequence ConvolutionKernel": "B80F", "ConvolutionKernel": "-",
		"CTXRayDetailsSequence KVP": "100", "KVP": "-",
		"FrameVOILUTSequence WindowCenter": "400", "WindowCenter": "-",
		"ImageType": `ORIGINAL\PRIMARY\PARALLEL\NONE`, "CTImageFrameTypeSequence FrameType": `ORIGINAL\PRIMARY\PARALLEL\NONE`,
		"ImageComments": "A COMMENT",
	} {
		if got := valueAt(t, set, 1, place); got != want {
			t.Errorf("%s is %s, want %s", place, got, want)
		}
	}
	_, err := NewStudy(StudyRequest{
		Recipe: Recipe{Name: "no number", Images: Count{Mean: 1}, Series: []Series{{Object: "Enhanced MR", Frames: Range{2, 2}, Attributes: map[string]string{"EchoTime": "SHORT"}}}},
		Images: 1, AsOf: testDate, Identity: testIdentity,
	})
	if err == nil || !strings.Contains(err.Error(), "SHORT") {
		t.Errorf("an echo time that is no number: %v", err)
	}
}

// TestManyFrames makes the headers of the longest objects: each frame has its
// groups, and they take a length in proportion.
func TestManyFrames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		object string
		frames int
	}{{"Enhanced MR", 8800}, {"Enhanced CT", 4100}} {
		length := func(frames int) int {
			set := enhancedHeader(t, "BRAIN", Series{Object: c.object, Frames: Range{frames, frames}, SpacingMM: 0.1, Attributes: map[string]string{"NumberOfTemporalPositions": "50"}})
			if n := len(set.Items(perFrameFunctionalGroupsSequence)); n != frames {
				t.Errorf("%s: groups of %d frames, want %d", c.object, n, frames)
			}
			if problems := groupProblems(set); len(problems) > 0 {
				t.Errorf("%s of %d frames: %d problems, the first: %s", c.object, frames, len(problems), problems[0])
			}
			b, err := set.Append(nil, dataset.ExplicitVRLittleEndian)
			if err != nil {
				t.Fatal(err)
			}
			return len(b)
		}
		few, many := length(c.frames/10), length(c.frames)
		if each := many / c.frames; many > 11*few || each < 100 || each > 1000 {
			t.Errorf("%s: a header of %d bytes with %d frames, %d with a tenth", c.object, many, c.frames, few)
		}
	}
}
