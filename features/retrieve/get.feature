@retrieve @get
Feature: The system hands over what is asked for (C-GET)

  @critical
  Scenario: A study is handed over whole
    Given a synthetic "CT chest" study of 6 images for a new patient
    And the study has been sent to the system under test
    When the study is retrieved by C-GET
    Then the retrieval ends with success
    And everything that was asked for arrives exactly once and nothing else

  @critical
  Scenario: One series is handed over, not its study
    Given a synthetic "CT chest" study of 4 images for a new patient
    And the images are divided into 2 series
    And the study has been sent to the system under test
    When the second series is retrieved by C-GET
    Then everything that was asked for arrives exactly once and nothing else

  @major
  Scenario: Nothing is sent to one who did not offer to receive
    Given a synthetic "CR chest" study of 2 images for a new patient
    And the study has been sent to the system under test
    When the study is retrieved by C-GET without offering to receive
    Then nothing arrives
    And the retrieval does not end with success

  @major
  Scenario: A study that does not exist is nothing to hand over
    When a study that does not exist is retrieved by C-GET
    Then the retrieval ends without an error
    And nothing arrives

  @major
  Scenario: A retrieval by C-GET can be cancelled
    Given a synthetic "CT chest" study of 12 images for a new patient
    And the study has been sent to the system under test
    When the retrieval of the study by C-GET is cancelled at the first image
    Then the retrieval ends as cancelled
    And no more than 2 images arrive
