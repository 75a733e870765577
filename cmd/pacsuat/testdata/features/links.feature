@for-replicates-to @for-forwards-to
Feature: A link does the least

  Scenario: A small study arrives
    Given a synthetic "SR basic text report" study of 1 image for a new patient
    When the study is sent to the system under test
    Then the receiving system reports 1 image in the study within 10 seconds
