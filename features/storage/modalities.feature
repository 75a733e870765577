@storage
Feature: The system keeps the studies of every modality

  Scenario Outline: A <study> study comes back whole
    Given a synthetic "<study>" study of <images> images for a new patient
    When the study is sent to the system under test
    Then the system reports <images> images in the study within 30 seconds
    And every image retrieved from the system is identical to what was sent

    Examples:
      | study               | images |
      | CR chest            | 2      |
      | DX chest PA+LAT     | 2      |
      | CT chest            | 12     |
      | MR knee             | 6      |
      | US abdomen          | 4      |
      | US cine             | 2      |
      | SR basic text report         | 1      |
