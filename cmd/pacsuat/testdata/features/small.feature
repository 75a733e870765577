Feature: A system does the least

  Scenario: An echo
    When the system is asked whether it is there
    Then it answers within 10 seconds

  Scenario: A small study
    Given a synthetic "SR basic text report" study of 1 image for a new patient
    When the study is sent to the system under test
    Then the system reports 1 image in the study within 10 seconds

  @destructive
  Scenario: A small study that does harm
    Given a synthetic "SR basic text report" study of 1 image for a new patient
    When the study is sent to the system under test
    Then the system reports 1 image in the study within 10 seconds
