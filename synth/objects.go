package synth

import "slices"

// objects are the IODs that series can be made of.
var objects = slices.Concat(classicObjects, enhancedObjects, otherImageObjects, documentObjects)

// classicObjects are the single-frame images and the cine of most departments.
var classicObjects = []object{
	{
		name: "CR", modality: "CR", sopClassUID: "1.2.840.10008.5.1.4.1.1.1", pixels: singleFrame,
		standard: Series{Phantom: "chest radiograph", Matrix: Matrix{1760, 2140}, FieldMM: 350, IntervalMS: 45_000},
		describe: describeCR,
	},
	{
		name: "DX", modality: "DX", sopClassUID: "1.2.840.10008.5.1.4.1.1.1.1", pixels: singleFrame,
		standard: Series{Phantom: "chest radiograph", Matrix: Matrix{2022, 2022}, FieldMM: 430, IntervalMS: 60_000},
		describe: describeDX,
	},
	{
		name: "CT", modality: "CT", sopClassUID: "1.2.840.10008.5.1.4.1.1.2", pixels: singleFrame, volume: true,
		standard: Series{Phantom: "chest CT", Matrix: Matrix{512, 512}, Distinct: 32, FieldMM: 400, SpacingMM: 5, IntervalMS: 100},
		describe: describeCT, instance: placeCT,
	},
	{
		name: "MR", modality: "MR", sopClassUID: "1.2.840.10008.5.1.4.1.1.4", pixels: singleFrame, volume: true,
		standard: Series{Phantom: "knee MR", Matrix: Matrix{256, 256}, Distinct: 24, FieldMM: 160, SpacingMM: 3.5, IntervalMS: 500},
		describe: describeMR, instance: placeMR,
	},
	{
		name: "US", modality: "US", sopClassUID: "1.2.840.10008.5.1.4.1.1.6.1", pixels: singleFrame,
		standard: Series{Phantom: "abdomen US", Matrix: Matrix{800, 600}, Distinct: 6, FieldMM: 213, IntervalMS: 15_000},
		describe: describeUS,
	},
	{
		name: "US multi-frame", modality: "US", sopClassUID: "1.2.840.10008.5.1.4.1.1.3.1", pixels: multiFrame,
		standard: Series{Phantom: "heart US", Matrix: Matrix{800, 600}, Frames: Range{30, 120}, Distinct: 12, FieldMM: 213, IntervalMS: 30_000},
		describe: describeUS,
	},
}
