package dev.reeve.server.store;

import static dev.reeve.server.store.Database.time;

import dev.reeve.model.bundle.Digest;
import dev.reeve.model.bundle.HostId;
import dev.reeve.model.gp.Dn;
import dev.reeve.server.enrolment.Token;
import dev.reeve.server.enrolment.Token.Binding;
import dev.reeve.server.enrolment.TokenStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

public final class JdbcTokenStore implements TokenStore {

  private final JdbcClient jdbc;

  public JdbcTokenStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public void add(Token token) {
    var binding =
        switch (token.binding()) {
          case Binding.Computer(var dn) -> new Columns("COMPUTER", Optional.of(dn.toString()));
          case Binding.Ou(var dn) -> new Columns("OU", Optional.of(dn.toString()));
          case Binding.Name _ -> new Columns("NAME", Optional.empty());
        };
    int unused =
        jdbc.sql(
                """
                insert into token (token_id, secret_hash, binding, dn, created, expires)
                values (?, ?, ?, ?, ?, ?)\
                """)
            .param(token.id())
            .param(token.secretHash().hex())
            .param(binding.word)
            .param(4, binding.dn.orElse(null), Types.VARCHAR)
            .param(time(token.created()))
            .param(time(token.expires()))
            .update();
  }

  private record Columns(String word, Optional<String> dn) {}

  @Override
  public Optional<Token> find(String id) {
    return jdbc.sql("select * from token where token_id = ?")
        .param(id)
        .query(JdbcTokenStore::token)
        .optional();
  }

  @Override
  public Token.Use use(String id, Digest key, HostId host) {
    int unused =
        jdbc.sql(
                "update token set key_digest = ?, host_id = ? where token_id = ? and key_digest is null")
            .param(key.hex())
            .param(host.text())
            .param(id)
            .update();
    return find(id)
        .flatMap(Token::use)
        .orElseThrow(() -> new IllegalArgumentException("no token " + id));
  }

  private static Token token(ResultSet row, int number) throws SQLException {
    return new Token(
        row.getString("token_id"),
        new Digest(row.getString("secret_hash")),
        switch (row.getString("binding")) {
          case "COMPUTER" -> new Binding.Computer(Dn.parse(row.getString("dn")));
          case "OU" -> new Binding.Ou(Dn.parse(row.getString("dn")));
          case "NAME" -> Binding.Name.NAME;
          default -> throw new IllegalStateException("binding " + row.getString("binding"));
        },
        row.getObject("created", OffsetDateTime.class).toInstant(),
        row.getObject("expires", OffsetDateTime.class).toInstant(),
        row.getString("key_digest") == null
            ? Optional.empty()
            : Optional.of(
                new Token.Use(
                    new Digest(row.getString("key_digest")),
                    new HostId(row.getString("host_id")))));
  }
}
