package dev.reeve.engine;

/// What keeps a host as it should be when this process cannot: two texts for `nft -f`, each one
/// transaction.
///
/// @param atBoot from before the network is up until the policy is applied
/// @param now what the kernel holds at present, for whoever flushes it
public record BootRules(String atBoot, String now) {}
