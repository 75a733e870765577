@verification
Feature: The system answers when it is called
  Every modality, workstation and neighbouring PACS begins with an echo. A system
  that does not answer one cannot be swung to.

  Scenario: The system answers an echo
    When the system is asked whether it is there
    Then it answers within 2 seconds

  @critical
  Scenario: The system answers again and again on one association
    When the system is asked 10 times on one association whether it is there
    Then it answers every time

  @major
  Scenario: The build that is tested is one build
    When 5 associations are opened one after another
    Then the system names the same implementation each time
