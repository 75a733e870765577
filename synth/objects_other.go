package synth

// otherImageObjects are angiography, fluoroscopy, nuclear medicine and secondary
// capture.
var otherImageObjects = []object{}
