@integrity @characters
Feature: Names are readable in every script
  The names of the region: Chinese, Malay, Indian and European.

  Scenario Outline: A name in <script> comes back unchanged
    Given a synthetic "CR chest" study of 1 image for a new patient
    And the patient's name is written in <script>
    When the study is sent to the system under test
    Then every image retrieved from the system is identical to what was sent

    Examples:
      | script               |
      | Latin with accents   |
      | Chinese (UTF-8)      |
      | Chinese (GB18030)    |
      | Chinese (ISO 2022)   |
      | Tamil (UTF-8)        |

  @critical
  Scenario Outline: A name in <script> is readable in a list of studies
    Given a synthetic "DX chest PA+LAT" study of 1 image for a new patient
    And the patient's name is written in <script>
    And the study has been sent to the system under test
    When the system is asked for the studies of the patient
    Then each answer repeats the patient's name as it was sent

    Examples:
      | script             |
      | Latin with accents |
      | Chinese (UTF-8)    |
