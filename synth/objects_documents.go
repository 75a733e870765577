package synth

// documentObjects are objects without Pixel Data.
var documentObjects = []object{
	{
		name: "Basic Text SR", modality: "SR", sopClassUID: "1.2.840.10008.5.1.4.1.1.88.11",
		describe: describeSR,
	},
}
