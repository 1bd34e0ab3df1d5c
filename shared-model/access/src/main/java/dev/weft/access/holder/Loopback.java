package dev.weft.access.holder;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses that only this machine reaches. */
public final class Loopback {
    private Loopback() {}

    /** True where a listener at that address is reached from this machine only. */
    public static boolean is(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false; // listening on it will fail, and say so
        }
    }
}
