@concurrency
Feature: Many at once do not disturb each other

  @exclusive-system @critical
  Scenario: Twenty devices can be connected at once
    When 20 associations are open at the same time
    Then each of them answers when it is asked whether it is there

  @exclusive-system @critical
  Scenario: Connections that break do not use the system up
    When 30 associations are opened and broken off one after another
    Then the system answers a new association

  @exclusive-system
  Scenario: The first images of a new patient from many rooms give one patient
    Given 6 synthetic "CR chest" studies of 1 image each for the same new patient
    When the studies are sent at once, each over an association of its own
    Then the system has exactly 1 patient of that Patient ID
    And the system has exactly 6 studies of the patient within 30 seconds

  Scenario: A study may come over several associations
    Given a synthetic "CT chest" study of 12 images for a new patient
    When the study is sent over 3 associations at once
    Then the system reports 12 images in the study within 30 seconds
    And the system lists exactly the images that were sent

  @exclusive-system
  Scenario: Questions at the same time get their own answers
    Given 4 synthetic "CR chest" studies of 1 image each for different new patients
    And the studies have been sent to the system under test
    When the system is asked for each patient at the same time, 10 times over
    Then each question gets its own answer

  @exclusive-system
  Scenario: Retrievals at the same time do not mix
    Given 3 synthetic "MR knee" studies of 4 images each for different new patients
    And the studies have been sent to the system under test
    When the studies are retrieved by C-MOVE at the same time
    Then everything that was asked for arrives exactly once and nothing else

  @exclusive-system @critical
  Scenario: A study list does not wait for a study that is being sent
    Given a synthetic "CR chest" study of 1 image for a new patient
    And the study has been sent to the system under test
    When the system is asked for the studies of the patient while another association stays in the middle of an image
    Then the answer comes within 3 seconds
