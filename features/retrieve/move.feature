@retrieve @move
Feature: The system sends what is asked for to whom it is asked (C-MOVE)

  Scenario: A study is sent whole
    Given a synthetic "CT chest" study of 6 images for a new patient
    And the study has been sent to the system under test
    When the study is retrieved by C-MOVE
    Then the retrieval ends with success
    And everything that was asked for arrives exactly once and nothing else

  @critical
  Scenario: One series is sent, not its study
    Given a synthetic "CT chest" study of 6 images for a new patient
    And the images are divided into 2 series
    And the study has been sent to the system under test
    When the second series is retrieved by C-MOVE
    Then everything that was asked for arrives exactly once and nothing else

  @critical
  Scenario: One image is sent, not its series
    Given a synthetic "CT chest" study of 3 images for a new patient
    And the study has been sent to the system under test
    When the second image is retrieved by C-MOVE
    Then everything that was asked for arrives exactly once and nothing else

  @critical
  Scenario: Everything of a patient is sent
    Given 3 synthetic "CR chest" studies of 1 image each for the same new patient
    And the studies have been sent to the system under test
    When everything of the patient is retrieved by C-MOVE
    Then everything that was asked for arrives exactly once and nothing else

  @critical
  Scenario: Several studies are sent by one list
    Given 3 synthetic "CR chest" studies of 1 image each for the same new patient
    And the studies have been sent to the system under test
    When the first 2 studies are retrieved by C-MOVE with one list
    Then everything that was asked for arrives exactly once and nothing else

  Scenario: A prior of the same patient does not come along
    Given 2 synthetic "MR knee" studies of 2 images each for the same new patient
    And the studies have been sent to the system under test
    When the first study is retrieved by C-MOVE
    Then everything that was asked for arrives exactly once and nothing else

  @critical
  Scenario: An unknown destination is refused
    Given a synthetic "CR chest" study of 1 image for a new patient
    And the study has been sent to the system under test
    When the study is to be sent to a destination that the system does not know
    Then the retrieval is refused because of the destination

  @major
  Scenario: A study that does not exist is nothing to send
    When a study that does not exist is retrieved by C-MOVE
    Then the retrieval ends without an error
    And nothing arrives

  @major
  Scenario: The counts of a retrieval add up
    Given a synthetic "MR knee" study of 4 images for a new patient
    And the study has been sent to the system under test
    When the study is retrieved by C-MOVE
    Then the counts that the system gives are those of what arrived

  @critical
  Scenario: An image that could not be delivered is reported
    Given a synthetic "MR knee" study of 3 images for a new patient
    And the study has been sent to the system under test
    When the study is retrieved by C-MOVE while the harness refuses the second image
    Then the retrieval ends with a warning that counts 1 failure

  @major
  Scenario: What is sent names who asked for it
    Given a synthetic "MR knee" study of 2 images for a new patient
    And the study has been sent to the system under test
    When the study is retrieved by C-MOVE
    Then no image names another as the one who asked for it

  @major
  Scenario: A retrieval by C-MOVE can be cancelled
    Given a synthetic "CT chest" study of 12 images for a new patient
    And the study has been sent to the system under test
    When the retrieval of the study by C-MOVE is cancelled at the first image
    Then the retrieval ends as cancelled
    And no more than 2 images arrive
