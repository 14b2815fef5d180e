package dev.reeve.server.withdrawal;

import dev.reeve.model.json.JsonText;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET /api/v1/withdrawals`: which hosts keep a policy that the directory takes from them.
@RestController
public final class WithdrawalController {

  private final WithdrawalBrake brake;
  private final Fleet fleet;

  public WithdrawalController(WithdrawalBrake brake, Fleet fleet) {
    this.brake = brake;
    this.fleet = fleet;
  }

  @GetMapping(value = "/api/v1/withdrawals", produces = MediaType.APPLICATION_JSON_VALUE)
  String withdrawals() {
    return JsonText.write(brake.look(fleet).toJson(Integer.MAX_VALUE)) + "\n";
  }
}
