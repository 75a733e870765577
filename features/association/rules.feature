@association
Feature: The system keeps the rules of an association
  Who may connect, what is agreed, and what happens when a connection is broken off.

  @critical
  Scenario: A device that is not registered is refused
    When an association is requested under a calling AE title that the system does not know
    Then the request is refused because of the calling AE title

  @major
  Scenario: A device that calls the wrong system is refused
    When an association is requested for a called AE title that the system does not have
    Then the request is refused because of the called AE title

  @major
  Scenario: Another protocol than DICOM is refused
    When an association is requested with an application context that is not DICOM
    Then the request is refused because of the application context

  @major
  Scenario: A service that does not exist is not accepted
    When an association offers Verification and a service that does not exist
    Then Verification is accepted and the service that does not exist is not

  @critical
  Scenario: Only an encoding that was offered is accepted
    When an association offers Verification in Explicit VR Little Endian only
    Then every encoding that the system accepted had been offered

  @major
  Scenario: The largest possible offer is answered in full
    When an association offers 128 presentation contexts
    Then every presentation context is answered

  @major
  Scenario: The system agrees to no more operations at once than were offered
    When an association offers 4 operations at once
    Then no more than 4 operations at once are agreed

  @critical
  Scenario: The system sends no larger packets than we accept
    Given a synthetic "CT chest" study of 2 images for a new patient
    And the study has been sent to the system under test
    When the study is retrieved by C-GET in small packets
    Then no packet is larger than was agreed
    And everything that was asked for arrives exactly once and nothing else

  @critical
  Scenario: The system accepts packets as large as it announces
    Given a synthetic "CT chest" study of 2 images for a new patient
    When the study is sent in the largest packets that the system accepts
    Then the system reports 2 images in the study within 30 seconds

  @major
  Scenario: A command that comes in pieces is understood
    When the system is asked in pieces whether it is there
    Then it answers within 5 seconds

  @critical
  Scenario: An image that was broken off in the middle is not kept
    Given a synthetic "CT chest" study of 3 images for a new patient
    When the sending of the study is broken off in the middle of image 3
    Then the system reports 2 images in the study within 30 seconds
    And the system still reports 2 images in the study after 1 second

  @major
  Scenario: An association survives a pause
    When an association stays idle for 2 seconds
    Then the association is still usable

  @critical
  Scenario: An association ends when it is released
    When an association is opened and released
    Then the release is confirmed within 5 seconds
