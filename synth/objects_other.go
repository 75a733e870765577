package synth

// otherImageObjects are angiography, fluoroscopy, nuclear medicine, positron
// emission tomography and secondary capture.
var otherImageObjects = []object{
	{
		name: "XA", modality: "XA", sopClassUID: "1.2.840.10008.5.1.4.1.1.12.1", pixels: multiFrame,
		standard: Series{Phantom: "coronary angiogram", Matrix: Matrix{512, 512}, Frames: Range{30, 120}, Distinct: 12, FieldMM: 170, IntervalMS: 40_000},
		describe: describeXA,
	},
	{
		name: "XRF", modality: "RF", sopClassUID: "1.2.840.10008.5.1.4.1.1.12.2", pixels: multiFrame,
		standard: Series{Phantom: "barium swallow", Matrix: Matrix{512, 512}, Frames: Range{10, 60}, Distinct: 12, FieldMM: 300, IntervalMS: 30_000},
		describe: describeXRF,
	},
	{
		name: "NM", modality: "NM", sopClassUID: "1.2.840.10008.5.1.4.1.1.20", pixels: multiFrame, frameViews: true,
		standard: Series{Phantom: "bone scan", Matrix: Matrix{256, 256}, Frames: Range{2, 2}, StoredBits: 16, Distinct: 2, FieldMM: 400, SpacingMM: 6, IntervalMS: 300_000},
		describe: describeNM,
	},
	{
		name: "PT", modality: "PT", sopClassUID: "1.2.840.10008.5.1.4.1.1.128", pixels: singleFrame, volume: true,
		standard: Series{Phantom: "torso PT", Matrix: Matrix{200, 200}, StoredBits: 16, Distinct: 32, FieldMM: 600, SpacingMM: 5, IntervalMS: 200},
		describe: describePT, instance: placePT,
	},
	{
		name: "SC", modality: "OT", sopClassUID: "1.2.840.10008.5.1.4.1.1.7", pixels: singleFrame,
		standard: Series{Phantom: "dose page", Matrix: Matrix{800, 600}, IntervalMS: 20_000},
		describe: describeSC,
	},
	{
		name: "SC multi-frame grey byte", modality: "OT", sopClassUID: grayscaleByteSC, pixels: multiFrame,
		standard: Series{Phantom: "heart US", Matrix: Matrix{640, 480}, Frames: Range{10, 40}, StoredBits: 8, Distinct: 12, IntervalMS: 20_000},
		describe: describeSCMultiFrame,
	},
	{
		name: "SC multi-frame grey word", modality: "OT", sopClassUID: grayscaleWordSC, pixels: multiFrame,
		standard: Series{Phantom: "lumbar spine MR", Matrix: Matrix{512, 512}, Frames: Range{10, 40}, Distinct: 12, IntervalMS: 20_000},
		describe: describeSCMultiFrame,
	},
	{
		name: "SC multi-frame colour", modality: "OT", sopClassUID: trueColorSC, pixels: multiFrame,
		standard: Series{Phantom: "abdomen US", Matrix: Matrix{640, 480}, Frames: Range{3, 12}, Distinct: 6, IntervalMS: 20_000},
		describe: describeSCMultiFrame,
	},
}
