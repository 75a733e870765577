@query
Feature: The system finds exactly what is asked for

  Scenario: A patient is found by Patient ID
    Given a synthetic "CR chest" study of 1 image for a new patient
    And the study has been sent to the system under test
    When the system is asked for the patient
    Then the system answers with exactly 1 match

  @critical
  Scenario: Studies are found in the patient root model
    Given a synthetic "CR chest" study of 1 image for a new patient
    And the study has been sent to the system under test
    When the system is asked for the studies of the patient in the patient root model
    Then the answers are exactly the studies that were sent

  Scenario: A study is found by its accession number
    Given 3 synthetic "CR chest" studies of 1 image each for the same new patient
    And the studies have been sent to the system under test
    When the system is asked for the second study by its accession number
    Then the answer is exactly the second study

  @critical
  Scenario: Studies are found by a list of identifiers
    Given 3 synthetic "CR chest" studies of 1 image each for the same new patient
    And the studies have been sent to the system under test
    When the system is asked for the first 2 studies by a list of identifiers
    Then the answers are exactly the first 2 studies

  @critical
  Scenario: A star stands for any characters
    Given 3 synthetic "CR chest" studies of 1 image each for the same new patient
    And the accession numbers of the studies end in "A1", "A2" and "B1"
    And the studies have been sent to the system under test
    When the system is asked for the accession numbers that end in "A*"
    Then the answers are exactly the first 2 studies

  @major
  Scenario: A question mark stands for one character
    Given 3 synthetic "CR chest" studies of 1 image each for the same new patient
    And the accession numbers of the studies end in "A1", "B1" and "A2"
    And the studies have been sent to the system under test
    When the system is asked for the accession numbers that end in "?1"
    Then the answers are exactly the first 2 studies

  @critical
  Scenario: An underscore stands for itself
    Given 3 synthetic "CR chest" studies of 1 image each for the same new patient
    And the accession numbers of the studies end in "_1", "X1" and "-1"
    And the studies have been sent to the system under test
    When the system is asked for the accession numbers that end in "_1"
    Then the answer is exactly the first study

  Scenario: Studies are found by a span of days
    Given 3 synthetic "CR chest" studies of 1 image each for the same new patient
    And the studies were made 10, 5 and 1 days ago at "10:00"
    And the studies have been sent to the system under test
    When the system is asked for the patient's studies made between 6 and 4 days ago
    Then the answer is exactly the second study

  @critical
  Scenario: Studies are found by a first day
    Given 3 synthetic "CR chest" studies of 1 image each for the same new patient
    And the studies were made 1, 2 and 20 days ago at "10:00"
    And the studies have been sent to the system under test
    When the system is asked for the patient's studies made since 3 days ago
    Then the answers are exactly the first 2 studies

  @critical
  Scenario: Studies are found by a span of hours
    Given 2 synthetic "CR chest" studies of 1 image each for the same new patient
    And the studies were made at "09:15" and "15:40"
    And the studies have been sent to the system under test
    When the system is asked for the patient's studies made between "15:00" and "16:00"
    Then the answer is exactly the second study

  @critical
  Scenario: Studies are found by the modality of their images
    Given a synthetic "CR chest" study of 1 image for a new patient
    And another synthetic "MR knee" study of 1 image for the same patient
    And the studies have been sent to the system under test
    When the system is asked for the patient's studies with MR images
    Then the answer is exactly the second study

  Scenario: A study is not found under another patient's name
    Given a synthetic "CR chest" study of 1 image for a new patient
    And the study has been sent to the system under test
    When the system is asked for the patient's studies under another name
    Then the system answers that there is nothing

  @critical
  Scenario: A question that fits nothing is answered with nothing
    When the system is asked for a study that does not exist
    Then the system answers that there is nothing

  Scenario: A long list of studies is given in full
    Given 40 synthetic "SR basic text report" studies of 1 image each for the same new patient
    And the studies have been sent to the system under test
    When the system is asked for the studies of the patient
    Then the answers are exactly the studies that were sent

  @critical
  Scenario: A study list is given in good time
    Given a synthetic "SR basic text report" study of 1 image for a new patient
    And the study has been sent to the system under test
    When the system is asked for the studies of the patient
    Then the answer comes within 3 seconds

  @major
  Scenario: A question can be cancelled
    Given 40 synthetic "SR basic text report" studies of 1 image each for the same new patient
    And the studies have been sent to the system under test
    When the system is asked for the studies of the patient and the question is cancelled after the first answer
    Then the question ends as cancelled or complete
    And the association is still usable
