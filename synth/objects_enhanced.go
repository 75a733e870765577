package synth

// enhancedObjects are the multi-frame objects with functional groups, and
// mammography.
var enhancedObjects = []object{
	{
		name: "Enhanced CT", modality: "CT", sopClassUID: "1.2.840.10008.5.1.4.1.1.2.1", pixels: multiFrame,
		standard: Series{Phantom: "chest CT", Matrix: Matrix{512, 512}, Frames: Range{60, 300}, Distinct: 32, FieldMM: 400, SpacingMM: 1, StoredBits: 16, IntervalMS: 30_000},
		describe: describeEnhancedCT,
	},
	{
		name: "Enhanced MR", modality: "MR", sopClassUID: "1.2.840.10008.5.1.4.1.1.4.1", pixels: multiFrame,
		standard: Series{Phantom: "brain MR", Matrix: Matrix{256, 256}, Frames: Range{20, 200}, Distinct: 24, FieldMM: 230, SpacingMM: 5, IntervalMS: 120_000},
		describe: describeEnhancedMR,
	},
	{
		name: "MG", modality: "MG", sopClassUID: "1.2.840.10008.5.1.4.1.1.1.2", pixels: singleFrame,
		standard: Series{Phantom: "mammogram", Matrix: Matrix{2560, 3328}, FieldMM: 179.2, IntervalMS: 60_000},
		describe: describeMG,
	},
	{
		name: "Breast tomosynthesis", modality: "MG", sopClassUID: breastTomosynthesisStorage, pixels: multiFrame,
		standard: Series{Phantom: "breast tomosynthesis", Matrix: Matrix{1890, 2457}, Frames: Range{50, 70}, FieldMM: 179.2, SpacingMM: 1, IntervalMS: 60_000},
		describe: describeTomosynthesis,
	},
}
