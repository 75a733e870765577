package synth

// enhancedObjects are the multi-frame objects with functional groups, and
// mammography.
var enhancedObjects = []object{}
