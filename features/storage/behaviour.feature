@storage
Feature: The system files what it is sent where it belongs

  @critical
  Scenario: Modalities that know only the oldest encoding can send
    Given a synthetic "MR knee" study of 2 images for a new patient
    When the study is sent in Implicit VR Little Endian
    Then the system reports 2 images in the study within 30 seconds

  Scenario: An image that is sent again is kept once
    Given a synthetic "CT chest" study of 3 images for a new patient
    And the study has been sent to the system under test
    When the study is sent again
    Then the system reports 3 images in the study within 30 seconds
    And the system lists exactly the images that were sent

  Scenario: Images that come later join their study
    Given a synthetic "CT chest" study of 3 images for a new patient
    And the study has been sent to the system under test
    When 2 more images of the study are sent later
    Then the system reports 5 images in the study within 30 seconds

  Scenario: Two studies of one patient stay with that patient
    Given 2 synthetic "CR chest" studies of 1 image each for the same new patient
    When the studies are sent one after another
    Then the system has exactly 2 studies of the patient within 30 seconds

  Scenario: Studies without a study ID on the same day stay apart
    Given 2 synthetic "CR chest" studies of 1 image each for the same new patient
    And the images carry empty optional values
    When the studies are sent one after another
    Then the system lists exactly the studies that were sent within 30 seconds

  @critical
  Scenario: The series of a study stay apart
    Given a synthetic "CT chest" study of 6 images for a new patient
    And the images are divided into 3 series
    When the study is sent to the system under test
    Then the system lists exactly the series that were sent

  @critical
  Scenario: The longest identifiers are kept in full
    Given a synthetic "CR chest" study of 2 images for a new patient
    And the images carry identifiers of the greatest length
    When the study is sent to the system under test
    Then the system lists exactly the images that were sent

  Scenario: An unknown birth date is no reason to refuse an image
    Given a synthetic "DX chest PA+LAT" study of 2 images for a new patient
    And the images carry empty optional values
    When the study is sent to the system under test
    Then the system reports 2 images in the study within 30 seconds

  @major
  Scenario: The answer to an image names that image
    Given a synthetic "CT chest" study of 2 images for a new patient
    When the study is sent to the system under test
    Then every answer names the image that it answers

  @critical
  Scenario: An image is acknowledged in good time
    Given a synthetic "MR knee" study of 3 images for a new patient
    When the study is sent to the system under test
    Then every image is acknowledged within 2 seconds

  Scenario: Nothing is kept differently without being told
    Given a synthetic "CR chest" study of 1 image for a new patient
    When the study is sent to the system under test
    Then every image is accepted without a warning

  Scenario: A long study is kept to its last image
    Given a synthetic "CT chest" study of 40 images for a new patient
    When the study is sent to the system under test
    Then the system reports 40 images in the study within 30 seconds
    And every image retrieved from the system is identical to what was sent

  @destructive
  Scenario: Another image under the same identifier does not replace the first
    Given a synthetic "CR chest" study of 1 image for a new patient
    And the study has been sent to the system under test
    When the first image is sent again with other pixels
    Then every image retrieved from the system is identical to what was sent
