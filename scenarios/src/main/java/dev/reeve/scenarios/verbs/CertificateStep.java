package dev.reeve.scenarios.verbs;

import dev.reeve.cli.lab.LabException;

/// `certificate HOST of "CN=NAME, O=NAME"`: a certificate of that CA, which is not Reeve's, for the
/// host, where its administrator would put it
record CertificateStep(String host, String ca) implements Step {

  static Step parse(Words words) throws StepException {
    String host = words.host();
    words.literal("of");
    return new CertificateStep(host, words.next("a CA's name"));
  }

  @Override
  public void run(Stage stage) throws LabException {
    stage.lab().host(host).certify(ca);
  }
}
