package dev.reeve.model.spd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reeve.model.net.IpAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// With which peers something goes on in clear when it cannot be secured.
class RequestedTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          request me <> any                                      | yes
          request me <> 10.0.0.0/24                              | yes
          request me <> 10.9.0.0/24                              | no
          require me <> any                                      | no
          permit me <> any                                       | no
          weak me <> any                                         | no
          request me <> any; require me <> 10.0.0.5              | no
          request me <> any; require me <> 10.0.0.6              | yes
          request me <> any; block me <> 10.0.0.0/24             | no
          request me <> any; require me <> 10.0.0.5 tcp          | yes
          request me <> any; require me <> 10.0.0.5#80 tcp       | yes
          request me <> any; require me > 10.0.0.5               | yes
          request me <> any; require 10.7.0.0/16 <> 10.0.0.5     | yes
          request me <> any; block any <> 10.9.0.5               | yes
          request me <> any; block any <> 10.0.0.5               | no
          require me <> any; request me <> 10.0.0.5#80 tcp       | yes
          require me <> any; request 10.0.0.5 > me tcp           | yes
          """)
  void a_more_specific_rule_takes_its_traffic_away(String rules, String requested) {
    assertThat(TestPolicy.spd(rules.split("; ")).requests(IpAddress.parse("10.0.0.5")))
        .isEqualTo(requested.equals("yes"));
  }
}
