package dev.reeve.trust;

import java.util.List;

/// What an issuer certifies. Each issuer is limited to its own purpose three times: by extended key
/// usage, by the names it may give, and by a path length of 0.
public enum Purpose {
  /// TLS client and IKE.
  HOST("hosts", "Hosts", List.of(Oids.CLIENT_AUTH, Oids.IPSEC_IKE)),
  /// TLS server.
  SERVER("servers", "Servers", List.of(Oids.SERVER_AUTH)),
  /// Signs manifests.
  SIGNER("signers", "Signers", List.of(Oids.POLICY_SIGNING));

  private final String file;
  private final String unit;
  private final List<String> usages;

  Purpose(String file, String unit, List<String> usages) {
    this.file = file;
    this.unit = unit;
    this.usages = usages;
  }

  /// Base name of the issuer's files.
  String file() {
    return file;
  }

  /// The subject of every certificate of this purpose is below `OU=<unit>,O=Reeve`.
  String unit() {
    return unit;
  }

  /// Extended key usages, all of them required.
  List<String> usages() {
    return usages;
  }
}
