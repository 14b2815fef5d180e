package dev.reeve.schema.ipsec;

import dev.reeve.model.ipsec.FilterAction;

/// The GUIDs that say what a filter action does and what it is for. Source: MS-GPIPSEC 2.2.1.2.4.
public final class IpsecGuids {

  public static final String ACTION_BLOCK = "{3F91A819-7647-11D1-864D-D46A00000000}";
  public static final String ACTION_PERMIT = "{8A171DD2-77E3-11D1-8659-A04F00000000}";
  public static final String ACTION_NEGOTIATE = "{8A171DD3-77E3-11D1-8659-A04F00000000}";
  public static final String ACTION_PASS_THROUGH = "{3F91A81A-7647-11D1-864D-D46A00000000}";
  public static final String TYPE_STANDARD = "{62F49E10-6C37-11D1-864C-14A300000000}";
  public static final String TYPE_DEFAULT_RESPONSE = "{62F49E13-6C37-11D1-864C-14A300000000}";

  private IpsecGuids() {}

  public static String typeOf(boolean defaultResponse) {
    return defaultResponse ? TYPE_DEFAULT_RESPONSE : TYPE_STANDARD;
  }

  public static String of(FilterAction action) {
    return switch (action) {
      case FilterAction.Block _ -> ACTION_BLOCK;
      case FilterAction.Permit _ -> ACTION_PERMIT;
      case FilterAction.Negotiate negotiate ->
          negotiate.acceptUnsecuredInbound() ? ACTION_PASS_THROUGH : ACTION_NEGOTIATE;
    };
  }
}
