package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;

/// `certificate HOST of "CN=NAME, O=NAME" [expired]`: a certificate of that CA, which is not
/// Reeve's, for the host, where its administrator would put it
record CertificateStep(String host, String ca, boolean expired) implements Step {

  static Step parse(Words words) throws StepException {
    String host = words.host();
    words.literal("of");
    return new CertificateStep(host, words.next("a CA's name"), words.maybe("expired"));
  }

  @Override
  public void run(Stage stage) throws LabException {
    stage.lab().host(host).certify(ca, expired);
  }
}
