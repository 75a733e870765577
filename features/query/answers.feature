@query
Feature: The answers say what was asked, and rightly

  @critical
  Scenario: The number of images in a study is right
    Given a synthetic "CT chest" study of 5 images for a new patient
    And the study has been sent to the system under test
    When the system is asked for the studies of the patient
    Then each answer gives the right number of images

  @major
  Scenario: The number of series in a study is right
    Given a synthetic "CT chest" study of 4 images for a new patient
    And the images are divided into 2 series
    And the study has been sent to the system under test
    When the system is asked for the studies of the patient
    Then each answer gives the right number of series

  @major
  Scenario: The modalities of a study are named
    Given a synthetic "US abdomen" study of 1 image for a new patient
    And the study has been sent to the system under test
    When the system is asked for the studies of the patient
    Then each answer names the modalities of the study

  @critical
  Scenario: Every series of a study is listed
    Given a synthetic "MR knee" study of 6 images for a new patient
    And the images are divided into 3 series
    And the study has been sent to the system under test
    When the system is asked for the series of the study
    Then the system answers with exactly 3 matches

  @critical
  Scenario: Every image of a series is listed
    Given a synthetic "MR knee" study of 4 images for a new patient
    And the study has been sent to the system under test
    When the system is asked for the images of the study
    Then the system answers with exactly 4 matches

  @major
  Scenario: An answer says its level and where it can be retrieved
    Given a synthetic "CR chest" study of 1 image for a new patient
    And the study has been sent to the system under test
    When the system is asked for the studies of the patient
    Then each answer says its level and where it can be retrieved

  @major
  Scenario: What was asked for is in the answer
    Given a synthetic "CR chest" study of 1 image for a new patient
    And the study has been sent to the system under test
    When the system is asked for the studies of the patient
    Then each answer repeats the study description as it was sent

  @critical
  Scenario: A study stands on the day that it was made
    Given 2 synthetic "CR chest" studies of 1 image each for the same new patient
    And the studies were made at "00:05" and "23:55"
    And the studies have been sent to the system under test
    When the system is asked for the studies of the patient
    Then each answer repeats the study date as it was sent
    And each answer repeats the study time as it was sent
