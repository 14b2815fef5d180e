package dev.reeve.server.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reeve.lab.NativeSlapd;
import dev.reeve.schema.names.LdapAttribute;
import dev.reeve.server.directory.DirectoryException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What an account may not see is not taken for what is not there.
class SlapdRightsIT extends SharedSlapd {

  @ParameterizedTest
  @EnumSource(names = {"SYNC", "POLL"})
  void an_answer_cut_short_by_a_limit_is_not_the_directory(FeedKind feed) {
    var limited =
        config(NativeSlapd.LIMITED, Optional.of(feed), false, "ldaps://127.0.0.1:" + relay.port());
    assertThatThrownBy(() -> follow(limited))
        .isInstanceOf(DirectoryException.class)
        .hasMessageContaining("cut short")
        .hasMessageContaining(
            "olcLimits: dn.exact=\"" + NativeSlapd.LIMITED + "\" size=unlimited time=unlimited");
    assertThat(seen.resets()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "to * attrs=entry,objectClass,children by * read",
        "to dn.subtree=\"CN=Reeve,CN=System,DC=corp,DC=example\" by * none",
        "to dn.subtree=\"CN=Policies,CN=System,DC=corp,DC=example\" attrs=entry by * read",
        "to dn.base=\"DC=corp,DC=example\" by * none"
      })
  void an_account_that_sees_too_little_is_told_so_at_the_start(String slip) throws Exception {
    if (slip.startsWith("to * attrs"))
      access(
          "olcAccess", PASSWORDS, "to attrs=entry by * read", "to attrs=objectClass by * search");
    else if (slip.startsWith("to dn.subtree=\"CN=Reeve"))
      access(
          "olcAccess",
          PASSWORDS,
          "to dn.children=\"CN=Reeve,CN=System,DC=corp,DC=example\" by * none",
          ALL_READABLE);
    else if (slip.contains("Policies"))
      access(
          "olcAccess",
          PASSWORDS,
          "to dn.children=\"CN=Policies,CN=System,DC=corp,DC=example\" attrs=entry by * read",
          "to dn.children=\"CN=Policies,CN=System,DC=corp,DC=example\" attrs=objectClass by * search",
          "to dn.children=\"CN=Policies,CN=System,DC=corp,DC=example\" by * none",
          ALL_READABLE);
    else access("olcAccess", PASSWORDS, slip, ALL_READABLE);

    assertThatThrownBy(() -> follow(config()))
        .isInstanceOf(DirectoryException.class)
        .hasMessageContaining("may not")
        .hasMessageContaining(NativeSlapd.READER);
    assertThat(seen.resets()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "to attrs=gPLink by * none",
        "to dn.subtree=\"OU=Servers,DC=corp,DC=example\" attrs=gPLink by * none",
        "to dn.children=\"CN=Policies,CN=System,DC=corp,DC=example\" by * none",
        "to attrs=ipsecData,ipsecOwnersReference by * none",
        "to dn.children=\"DC=corp,DC=example\" by * none"
      })
  void rights_lost_while_it_runs_withdraw_nothing(String slip) throws Exception {
    follow(config());
    var before = seen.content();

    access("olcAccess", PASSWORDS, slip, ALL_READABLE);
    seen.await("the loss", Collected::isLost);
    assertThat(seen.content()).isEqualTo(before);
    assertThat(seen.losses().getLast()).contains(NativeSlapd.READER, "olcAccess: {0}to");

    access("olcAccess", PASSWORDS, ALL_READABLE);
    awaitTruth();
    assertThat(seen.content()).isEqualTo(before);
  }

  @Test
  void an_entry_written_while_its_links_are_hidden_keeps_them() throws Exception {
    follow(config());
    String links = seen.text(WEB, LdapAttribute.GP_LINK).orElseThrow();

    access(
        "olcAccess",
        PASSWORDS,
        "to dn.subtree=\"" + SERVERS + "\" attrs=gPLink by * none",
        ALL_READABLE);
    describe(WEB, "written while the slip lasts");
    seen.await("the loss", Collected::isLost);
    assertThat(seen.text(WEB, LdapAttribute.GP_LINK)).contains(links);

    access("olcAccess", PASSWORDS, ALL_READABLE);
    awaitTruth();
    assertThat(seen.text(WEB, LdapAttribute.DESCRIPTION)).contains("written while the slip lasts");
  }
}
