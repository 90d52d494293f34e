package dev.logtap.hub;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * One message as it goes to clients, shared by all who get the same. Its memory lies outside of the heap, so
 * that the kernel copies it from there, and is used again when the last who holds it has let it go.
 */
public final class Frame {
  private static final VarHandle USES;

  static {
    try {
      USES = MethodHandles.lookup().findVarHandle(Frame.class, "uses", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final FramePool pool;
  private final ByteBuffer memory;
  private final int length;

  /** What it takes of the budget; null where it is small. */
  private final Budget.Claim claim;

  /** How many hold it; 0 when its memory may be another frame's. */
  @SuppressWarnings("unused")
  private volatile int uses = 1;

  /** Takes over the claim, and the memory, of which the first {@code length} bytes are the message. */
  Frame(FramePool pool, ByteBuffer memory, int length, Budget.Claim claim) {
    this.pool = pool;
    this.memory = memory;
    this.length = length;
    this.claim = claim;
  }

  /** Holds it, unless all have let it go already. */
  boolean hold() {
    int now = (int) USES.getVolatile(this);
    while (now > 0) {
      int witness = (int) USES.compareAndExchange(this, now, now + 1);
      if (witness == now) {
        return true;
      }
      now = witness;
    }
    return false;
  }

  /** Lets it go. Called once by each who held it. */
  public void release() {
    if ((int) USES.getAndAdd(this, -1) == 1) {
      pool.giveBack(memory);
      if (claim != null) {
        claim.close();
      }
    }
  }

  /** The message, for one who holds it to write. */
  public ByteBuffer bytes() {
    return memory.slice(0, length);
  }

  public int length() {
    return length;
  }
}
