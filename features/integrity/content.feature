@integrity
Feature: What is read back is what was sent
  Nothing of an image may change on its way: not the pixels, not the measurements,
  not what the maker of the modality keeps in it.

  Scenario Outline: <what> come back unchanged
    Given a synthetic "<study>" study of 2 images for a new patient
    And the images carry <trait>
    When the study is sent to the system under test
    Then every image retrieved from the system is identical to what was sent

    Examples:
      | what                          | study           | trait                 |
      | The maker's private elements  | MR knee         | private elements      |
      | Sequences within sequences    | DX chest PA+LAT | nested sequences      |
      | Long texts                    | US abdomen      | long texts            |
      | Numbers to their last zero    | CT chest        | exact decimal numbers |
      | Images with inverted grey     | CR chest        | inverted grey values  |
      | Times with their zone         | CT chest        | a time zone           |
      | Texts that begin with a space | US abdomen      | leading spaces        |

  Scenario: The patient stays who the patient is
    Given a synthetic "DX chest PA+LAT" study of 1 image for a new patient
    When the study is sent to the system under test
    Then every image retrieved from the system names the same patient as was sent

  Scenario: The description of the study stays as it was
    Given a synthetic "US abdomen" study of 1 image for a new patient
    When the study is sent to the system under test
    Then every image retrieved from the system describes the study as was sent

  Scenario: An image keeps its identifier
    Given a synthetic "MR knee" study of 2 images for a new patient
    When the study is sent to the system under test
    Then the system lists exactly the images that were sent

  Scenario: Pixels are not altered
    Given a synthetic "CR chest" study of 2 images for a new patient
    When the study is sent to the system under test
    Then the pixels of every image retrieved from the system are those that were sent

  Scenario: The clips keep all their frames
    Given a synthetic "US cine" study of 1 image for a new patient
    When the study is sent to the system under test
    Then the pixels of every image retrieved from the system are those that were sent

  Scenario: A structured report keeps its findings
    Given a synthetic "SR basic text report" study of 1 image for a new patient
    When the study is sent to the system under test
    Then every image retrieved from the system is identical to what was sent

  Scenario: A change of encoding changes no value
    Given a synthetic "CT chest" study of 2 images for a new patient
    When the study is sent in Explicit VR Little Endian
    And the study is retrieved by C-GET in Implicit VR Little Endian
    Then every image that arrived is identical to what was sent
