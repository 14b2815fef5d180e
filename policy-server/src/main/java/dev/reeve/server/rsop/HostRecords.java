package dev.reeve.server.rsop;

import dev.reeve.model.gp.Dn;
import dev.reeve.model.json.JsonValue.JsonObject;
import java.util.Optional;

/// Port: what enrolled hosts were given and have reported.
public interface HostRecords {

  /// `{"computer", "host", "manifest": {version, issued, expires, …} | null, "rsop": … | null,
  /// "report": … | null}`.
  Optional<JsonObject> findRecord(Dn computer);
}
