Feature: What a system answers about its patients is not kept

  Scenario: Everything is asked for
    When the system is asked for everything that it has
    Then the answer comes within 30 seconds

  Scenario: Everything is asked for, which is not nothing
    When the system is asked for everything that it has
    Then the system answers that there is nothing

  Scenario: An image is stored
    Given a synthetic "CR chest" study of 1 image for a new patient
    When the study is sent to the system under test
    Then the system reports 1 image in the study within 30 seconds

  Scenario: An echo is answered
    When the system is asked whether it is there
    Then it answers within 10 seconds
