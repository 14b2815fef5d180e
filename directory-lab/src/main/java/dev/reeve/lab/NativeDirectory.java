package dev.reeve.lab;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFChangeRecord;
import com.unboundid.ldif.LDIFReader;
import java.io.BufferedReader;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A directory server of a test's own, with the rights of those who run it.
public interface NativeDirectory extends AutoCloseable {

  String BASE = "DC=corp,DC=example";

  /// Another domain, which some of them hold too.
  String SECOND = "DC=eu,DC=example";

  /// The sample domain's LDIF for the other domain.
  static String second(String sample) {
    return sample.replace(BASE, SECOND).replace("\ndc: corp\n", "\ndc: eu\n");
  }

  /// As the directory's own administrator, past all access control.
  LDAPConnection administrator() throws LDAPException;

  /// LDAPS, under a certificate that is good for 127.0.0.1.
  InetSocketAddress tlsAddress();

  /// LDAP, with StartTLS under the same certificate.
  InetSocketAddress ldapAddress();

  Path caFile();

  /// An account with the rights that our documentation asks for.
  String reader();

  /// An account that lacks some of them.
  String limited();

  /// That of both accounts.
  String password();

  Dialect dialect();

  void start() throws Exception;

  void stop() throws Exception;

  void kill() throws Exception;

  /// Does for the limited account what an error message tells the administrator to do.
  void follow(String advice) throws Exception;

  /// Takes from the reader what tells which policies are assigned and what is in them, as an
  /// administrator's slip would.
  void hidePolicies() throws Exception;

  /// Undoes it.
  void showPolicies() throws Exception;

  @Override
  void close();

  /// Sends the LDIF of an advice.
  static void modify(LDAPConnection administrator, String advice) throws Exception {
    Matcher text = Pattern.compile("<<'END'\n(.*?)\n *END", Pattern.DOTALL).matcher(advice);
    if (!text.find()) throw new AssertionError("no command in: " + advice);
    String ldif = text.group(1).stripIndent();
    try (var reader = new LDIFReader(new BufferedReader(new StringReader(ldif)))) {
      for (LDIFChangeRecord record = reader.readChangeRecord();
          record != null;
          record = reader.readChangeRecord()) record.processChange(administrator);
    }
  }
}
