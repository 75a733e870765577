@links @for-forwards-to @for-replicates-to
Feature: What one system receives is at the other, once and unaltered
  The backup becomes production for the time of the swing: what it receives must be
  at the DR, and back on the production system afterwards.

  Scenario: Every image is at the receiving system
    Given a synthetic "CT chest" study of 6 images for a new patient
    When the study is sent to the system under test
    Then the receiving system reports 6 images in the study within 20 seconds

  Scenario: Every image is there exactly once
    Given a synthetic "DX chest PA+LAT" study of 2 images for a new patient
    When the study is sent to the system under test
    Then the receiving system reports 2 images in the study within 20 seconds
    And the receiving system still reports 2 images in the study after 1 second
    And the receiving system lists exactly the images that were sent

  @integrity
  Scenario: The pixels are unaltered at the receiving system
    Given a synthetic "CR chest" study of 2 images for a new patient
    When the study is sent to the system under test
    Then the receiving system reports 2 images in the study within 20 seconds
    And the pixels of every image retrieved from the receiving system are those that were sent

  @integrity
  Scenario: The maker's private elements are at the receiving system
    Given a synthetic "MR knee" study of 2 images for a new patient
    And the images carry private elements
    When the study is sent to the system under test
    Then the receiving system reports 2 images in the study within 20 seconds
    And every image retrieved from the receiving system is identical to what was sent

  @integrity
  Scenario: A Chinese name is readable at the receiving system
    Given a synthetic "DX chest PA+LAT" study of 1 image for a new patient
    And the patient's name is written in Chinese (GB18030)
    When the study is sent to the system under test
    Then the receiving system reports 1 image in the study within 20 seconds
    And every image retrieved from the receiving system is identical to what was sent

  Scenario: The patient is the same patient at the receiving system
    Given a synthetic "US abdomen" study of 1 image for a new patient
    When the study is sent to the system under test
    Then the receiving system has exactly 1 study of the patient within 20 seconds

  Scenario: Images that come later follow
    Given a synthetic "MR knee" study of 2 images for a new patient
    When the study is sent to the system under test
    Then the receiving system reports 2 images in the study within 20 seconds
    When 2 more images of the study are sent later
    Then the receiving system reports 4 images in the study within 20 seconds
