package dev.reeve.model.bundle;

import dev.reeve.model.json.JsonBuilder;
import dev.reeve.model.json.JsonException;
import dev.reeve.model.json.JsonMembers;
import dev.reeve.model.json.JsonText;
import java.util.Base64;
import java.util.List;

/// What `GET /agent/v1/signers` answers: how each policy signer handed over to the next.
///
/// @param signed CMS, oldest first
public record Handovers(List<byte[]> signed) {

  public Handovers {
    signed = signed.stream().map(byte[]::clone).toList();
  }

  public byte[] toBytes() {
    return JsonText.writeBytes(
        JsonBuilder.object()
            .put("v", 1)
            .putStrings(
                "handovers", signed.stream().map(Base64.getEncoder()::encodeToString).toList())
            .build());
  }

  /// @throws JsonException when the bytes are none of this format
  public static Handovers parse(byte[] utf8) {
    JsonMembers in = JsonText.parseObject(utf8);
    in.number("v", 1, 1);
    try {
      var handovers =
          new Handovers(in.strings("handovers").stream().map(Base64.getDecoder()::decode).toList());
      in.end();
      return handovers;
    } catch (JsonException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new JsonException(in.path(), String.valueOf(e.getMessage()));
    }
  }
}
