/** Appointments; a chunk of its own, since most visitors come to talk now. */
import { Book } from './book.js';
import { Booking } from './booking.js';
import { Bookings } from './list.js';
import './booking.css';

/** #/bookings, #/bookings/{id} and #/book */
export default function Appointments({ name, argument }: { name: string; argument: string | undefined }) {
  if (name === 'book') {
    return <Book />;
  }
  return argument === undefined ? <Bookings /> : <Booking key={argument} id={Number(argument)} />;
}
