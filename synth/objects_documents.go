package synth

// documentObjects are objects without Pixel Data.
var documentObjects = []object{
	{
		name: "Basic Text SR", modality: "SR", sopClassUID: "1.2.840.10008.5.1.4.1.1.88.11",
		describe: describeSR,
	},
	{
		name: "Enhanced SR", modality: "SR", sopClassUID: "1.2.840.10008.5.1.4.1.1.88.22",
		describe: describeMeasurements,
	},
	{
		name: "X-Ray Radiation Dose SR", modality: "SR", sopClassUID: doseSOPClassUID,
		describe: describeDose,
	},
	{
		name: "Key Object Selection", modality: "KO", sopClassUID: "1.2.840.10008.5.1.4.1.1.88.59",
		describe: describeKeyObjects,
	},
	{
		name: "Grayscale Presentation State", modality: "PR", sopClassUID: "1.2.840.10008.5.1.4.1.1.11.1",
		describe: describePresentation,
	},
	{
		name: "Encapsulated PDF", modality: "DOC", sopClassUID: "1.2.840.10008.5.1.4.1.1.104.1",
		describe: describePDF,
	},
}
