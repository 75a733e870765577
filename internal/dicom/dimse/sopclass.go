package dimse

// SOP classes that are not storage. See PS3.6 Annex A and PS3.4 sections A.4,
// C.6, J.3 and K.6.
const (
	VerificationSOPClass               = "1.2.840.10008.1.1"
	StorageCommitmentPushModelSOPClass = "1.2.840.10008.1.20.1"
	PatientRootFind                    = "1.2.840.10008.5.1.4.1.2.1.1"
	PatientRootMove                    = "1.2.840.10008.5.1.4.1.2.1.2"
	PatientRootGet                     = "1.2.840.10008.5.1.4.1.2.1.3"
	StudyRootFind                      = "1.2.840.10008.5.1.4.1.2.2.1"
	StudyRootMove                      = "1.2.840.10008.5.1.4.1.2.2.2"
	StudyRootGet                       = "1.2.840.10008.5.1.4.1.2.2.3"
	ModalityWorklistFind               = "1.2.840.10008.5.1.4.31"
	ModalityPerformedProcedureStep     = "1.2.840.10008.3.1.2.3.3"
)

// Storage SOP classes. See PS3.4 section B.5.
const (
	CRImageStorage                                      = "1.2.840.10008.5.1.4.1.1.1"
	DXImageStorageForPresentation                       = "1.2.840.10008.5.1.4.1.1.1.1"
	DXImageStorageForProcessing                         = "1.2.840.10008.5.1.4.1.1.1.1.1"
	MGImageStorageForPresentation                       = "1.2.840.10008.5.1.4.1.1.1.2"
	MGImageStorageForProcessing                         = "1.2.840.10008.5.1.4.1.1.1.2.1"
	IOImageStorageForPresentation                       = "1.2.840.10008.5.1.4.1.1.1.3"
	IOImageStorageForProcessing                         = "1.2.840.10008.5.1.4.1.1.1.3.1"
	CTImageStorage                                      = "1.2.840.10008.5.1.4.1.1.2"
	EnhancedCTImageStorage                              = "1.2.840.10008.5.1.4.1.1.2.1"
	LegacyConvertedEnhancedCTImageStorage               = "1.2.840.10008.5.1.4.1.1.2.2"
	USMultiFrameImageStorage                            = "1.2.840.10008.5.1.4.1.1.3.1"
	MRImageStorage                                      = "1.2.840.10008.5.1.4.1.1.4"
	EnhancedMRImageStorage                              = "1.2.840.10008.5.1.4.1.1.4.1"
	MRSpectroscopyStorage                               = "1.2.840.10008.5.1.4.1.1.4.2"
	EnhancedMRColorImageStorage                         = "1.2.840.10008.5.1.4.1.1.4.3"
	LegacyConvertedEnhancedMRImageStorage               = "1.2.840.10008.5.1.4.1.1.4.4"
	USImageStorage                                      = "1.2.840.10008.5.1.4.1.1.6.1"
	EnhancedUSVolumeStorage                             = "1.2.840.10008.5.1.4.1.1.6.2"
	SecondaryCaptureImageStorage                        = "1.2.840.10008.5.1.4.1.1.7"
	MultiFrameSingleBitSecondaryCaptureImageStorage     = "1.2.840.10008.5.1.4.1.1.7.1"
	MultiFrameGrayscaleByteSecondaryCaptureImageStorage = "1.2.840.10008.5.1.4.1.1.7.2"
	MultiFrameGrayscaleWordSecondaryCaptureImageStorage = "1.2.840.10008.5.1.4.1.1.7.3"
	MultiFrameTrueColorSecondaryCaptureImageStorage     = "1.2.840.10008.5.1.4.1.1.7.4"
	TwelveLeadECGWaveformStorage                        = "1.2.840.10008.5.1.4.1.1.9.1.1"
	GeneralECGWaveformStorage                           = "1.2.840.10008.5.1.4.1.1.9.1.2"
	HemodynamicWaveformStorage                          = "1.2.840.10008.5.1.4.1.1.9.2.1"
	GrayscaleSoftcopyPresentationStateStorage           = "1.2.840.10008.5.1.4.1.1.11.1"
	ColorSoftcopyPresentationStateStorage               = "1.2.840.10008.5.1.4.1.1.11.2"
	PseudoColorSoftcopyPresentationStateStorage         = "1.2.840.10008.5.1.4.1.1.11.3"
	BlendingSoftcopyPresentationStateStorage            = "1.2.840.10008.5.1.4.1.1.11.4"
	XAImageStorage                                      = "1.2.840.10008.5.1.4.1.1.12.1"
	EnhancedXAImageStorage                              = "1.2.840.10008.5.1.4.1.1.12.1.1"
	XRFImageStorage                                     = "1.2.840.10008.5.1.4.1.1.12.2"
	EnhancedXRFImageStorage                             = "1.2.840.10008.5.1.4.1.1.12.2.1"
	XRay3DAngiographicImageStorage                      = "1.2.840.10008.5.1.4.1.1.13.1.1"
	BreastTomosynthesisImageStorage                     = "1.2.840.10008.5.1.4.1.1.13.1.3"
	NuclearMedicineImageStorage                         = "1.2.840.10008.5.1.4.1.1.20"
	RawDataStorage                                      = "1.2.840.10008.5.1.4.1.1.66"
	SpatialRegistrationStorage                          = "1.2.840.10008.5.1.4.1.1.66.1"
	SegmentationStorage                                 = "1.2.840.10008.5.1.4.1.1.66.4"
	VLEndoscopicImageStorage                            = "1.2.840.10008.5.1.4.1.1.77.1.1"
	VideoEndoscopicImageStorage                         = "1.2.840.10008.5.1.4.1.1.77.1.1.1"
	VLMicroscopicImageStorage                           = "1.2.840.10008.5.1.4.1.1.77.1.2"
	VLPhotographicImageStorage                          = "1.2.840.10008.5.1.4.1.1.77.1.4"
	OphthalmicPhotography8BitImageStorage               = "1.2.840.10008.5.1.4.1.1.77.1.5.1"
	OphthalmicTomographyImageStorage                    = "1.2.840.10008.5.1.4.1.1.77.1.5.4"
	BasicTextSR                                         = "1.2.840.10008.5.1.4.1.1.88.11"
	EnhancedSR                                          = "1.2.840.10008.5.1.4.1.1.88.22"
	ComprehensiveSR                                     = "1.2.840.10008.5.1.4.1.1.88.33"
	Comprehensive3DSR                                   = "1.2.840.10008.5.1.4.1.1.88.34"
	MammographyCADSR                                    = "1.2.840.10008.5.1.4.1.1.88.50"
	KeyObjectSelectionDocument                          = "1.2.840.10008.5.1.4.1.1.88.59"
	XRayRadiationDoseSR                                 = "1.2.840.10008.5.1.4.1.1.88.67"
	RadiopharmaceuticalRadiationDoseSR                  = "1.2.840.10008.5.1.4.1.1.88.68"
	EncapsulatedPDFStorage                              = "1.2.840.10008.5.1.4.1.1.104.1"
	EncapsulatedCDAStorage                              = "1.2.840.10008.5.1.4.1.1.104.2"
	PETImageStorage                                     = "1.2.840.10008.5.1.4.1.1.128"
	EnhancedPETImageStorage                             = "1.2.840.10008.5.1.4.1.1.130"
	RTImageStorage                                      = "1.2.840.10008.5.1.4.1.1.481.1"
	RTDoseStorage                                       = "1.2.840.10008.5.1.4.1.1.481.2"
	RTStructureSetStorage                               = "1.2.840.10008.5.1.4.1.1.481.3"
	RTPlanStorage                                       = "1.2.840.10008.5.1.4.1.1.481.5"
)

// StorageClass is a Storage SOP class, its name in PS3.6 Annex A, and the
// Modality (0008,0060) that its instances usually have.
type StorageClass struct{ UID, Name, Modality string }

// StorageClasses returns the storage classes that this package knows, in
// ascending order of the numbers in their UIDs. It is the caller's.
func StorageClasses() []StorageClass { return append([]StorageClass(nil), storageClasses...) }

// IsStorageClass reports whether uid is one of [StorageClasses].
func IsStorageClass(uid string) bool {
	for _, c := range storageClasses {
		if c.UID == uid {
			return true
		}
	}
	return false
}

// SOPClassName is the name of a SOP class in PS3.6 Annex A, or the uid itself
// where this package does not know it.
func SOPClassName(uid string) string {
	if name, ok := otherClassNames[uid]; ok {
		return name
	}
	for _, c := range storageClasses {
		if c.UID == uid {
			return c.Name
		}
	}
	return uid
}

var otherClassNames = map[string]string{
	VerificationSOPClass:               "Verification",
	StorageCommitmentPushModelSOPClass: "Storage Commitment Push Model",
	PatientRootFind:                    "Patient Root Query/Retrieve Information Model - FIND",
	PatientRootMove:                    "Patient Root Query/Retrieve Information Model - MOVE",
	PatientRootGet:                     "Patient Root Query/Retrieve Information Model - GET",
	StudyRootFind:                      "Study Root Query/Retrieve Information Model - FIND",
	StudyRootMove:                      "Study Root Query/Retrieve Information Model - MOVE",
	StudyRootGet:                       "Study Root Query/Retrieve Information Model - GET",
	ModalityWorklistFind:               "Modality Worklist Information Model - FIND",
	ModalityPerformedProcedureStep:     "Modality Performed Procedure Step",
}

var storageClasses = []StorageClass{
	{CRImageStorage, "Computed Radiography Image Storage", "CR"},
	{DXImageStorageForPresentation, "Digital X-Ray Image Storage - For Presentation", "DX"},
	{DXImageStorageForProcessing, "Digital X-Ray Image Storage - For Processing", "DX"},
	{MGImageStorageForPresentation, "Digital Mammography X-Ray Image Storage - For Presentation", "MG"},
	{MGImageStorageForProcessing, "Digital Mammography X-Ray Image Storage - For Processing", "MG"},
	{IOImageStorageForPresentation, "Digital Intra-Oral X-Ray Image Storage - For Presentation", "IO"},
	{IOImageStorageForProcessing, "Digital Intra-Oral X-Ray Image Storage - For Processing", "IO"},
	{CTImageStorage, "CT Image Storage", "CT"},
	{EnhancedCTImageStorage, "Enhanced CT Image Storage", "CT"},
	{LegacyConvertedEnhancedCTImageStorage, "Legacy Converted Enhanced CT Image Storage", "CT"},
	{USMultiFrameImageStorage, "Ultrasound Multi-frame Image Storage", "US"},
	{MRImageStorage, "MR Image Storage", "MR"},
	{EnhancedMRImageStorage, "Enhanced MR Image Storage", "MR"},
	{MRSpectroscopyStorage, "MR Spectroscopy Storage", "MR"},
	{EnhancedMRColorImageStorage, "Enhanced MR Color Image Storage", "MR"},
	{LegacyConvertedEnhancedMRImageStorage, "Legacy Converted Enhanced MR Image Storage", "MR"},
	{USImageStorage, "Ultrasound Image Storage", "US"},
	{EnhancedUSVolumeStorage, "Enhanced US Volume Storage", "US"},
	{SecondaryCaptureImageStorage, "Secondary Capture Image Storage", "OT"},
	{MultiFrameSingleBitSecondaryCaptureImageStorage, "Multi-frame Single Bit Secondary Capture Image Storage", "OT"},
	{MultiFrameGrayscaleByteSecondaryCaptureImageStorage, "Multi-frame Grayscale Byte Secondary Capture Image Storage", "OT"},
	{MultiFrameGrayscaleWordSecondaryCaptureImageStorage, "Multi-frame Grayscale Word Secondary Capture Image Storage", "OT"},
	{MultiFrameTrueColorSecondaryCaptureImageStorage, "Multi-frame True Color Secondary Capture Image Storage", "OT"},
	{TwelveLeadECGWaveformStorage, "12-lead ECG Waveform Storage", "ECG"},
	{GeneralECGWaveformStorage, "General ECG Waveform Storage", "ECG"},
	{HemodynamicWaveformStorage, "Hemodynamic Waveform Storage", "HD"},
	{GrayscaleSoftcopyPresentationStateStorage, "Grayscale Softcopy Presentation State Storage", "PR"},
	{ColorSoftcopyPresentationStateStorage, "Color Softcopy Presentation State Storage", "PR"},
	{PseudoColorSoftcopyPresentationStateStorage, "Pseudo-Color Softcopy Presentation State Storage", "PR"},
	{BlendingSoftcopyPresentationStateStorage, "Blending Softcopy Presentation State Storage", "PR"},
	{XAImageStorage, "X-Ray Angiographic Image Storage", "XA"},
	{EnhancedXAImageStorage, "Enhanced XA Image Storage", "XA"},
	{XRFImageStorage, "X-Ray Radiofluoroscopic Image Storage", "RF"},
	{EnhancedXRFImageStorage, "Enhanced XRF Image Storage", "RF"},
	{XRay3DAngiographicImageStorage, "X-Ray 3D Angiographic Image Storage", "XA"},
	{BreastTomosynthesisImageStorage, "Breast Tomosynthesis Image Storage", "MG"},
	{NuclearMedicineImageStorage, "Nuclear Medicine Image Storage", "NM"},
	{RawDataStorage, "Raw Data Storage", "OT"},
	{SpatialRegistrationStorage, "Spatial Registration Storage", "REG"},
	{SegmentationStorage, "Segmentation Storage", "SEG"},
	{VLEndoscopicImageStorage, "VL Endoscopic Image Storage", "ES"},
	{VideoEndoscopicImageStorage, "Video Endoscopic Image Storage", "ES"},
	{VLMicroscopicImageStorage, "VL Microscopic Image Storage", "GM"},
	{VLPhotographicImageStorage, "VL Photographic Image Storage", "XC"},
	{OphthalmicPhotography8BitImageStorage, "Ophthalmic Photography 8 Bit Image Storage", "OP"},
	{OphthalmicTomographyImageStorage, "Ophthalmic Tomography Image Storage", "OPT"},
	{BasicTextSR, "Basic Text SR Storage", "SR"},
	{EnhancedSR, "Enhanced SR Storage", "SR"},
	{ComprehensiveSR, "Comprehensive SR Storage", "SR"},
	{Comprehensive3DSR, "Comprehensive 3D SR Storage", "SR"},
	{MammographyCADSR, "Mammography CAD SR Storage", "SR"},
	{KeyObjectSelectionDocument, "Key Object Selection Document Storage", "KO"},
	{XRayRadiationDoseSR, "X-Ray Radiation Dose SR Storage", "SR"},
	{RadiopharmaceuticalRadiationDoseSR, "Radiopharmaceutical Radiation Dose SR Storage", "SR"},
	{EncapsulatedPDFStorage, "Encapsulated PDF Storage", "DOC"},
	{EncapsulatedCDAStorage, "Encapsulated CDA Storage", "DOC"},
	{PETImageStorage, "Positron Emission Tomography Image Storage", "PT"},
	{EnhancedPETImageStorage, "Enhanced PET Image Storage", "PT"},
	{RTImageStorage, "RT Image Storage", "RTIMAGE"},
	{RTDoseStorage, "RT Dose Storage", "RTDOSE"},
	{RTStructureSetStorage, "RT Structure Set Storage", "RTSTRUCT"},
	{RTPlanStorage, "RT Plan Storage", "RTPLAN"},
}
